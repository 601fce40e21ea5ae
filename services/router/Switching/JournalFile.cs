using System.Text.Json;

namespace BlueGreen.Router.Switching;

/// <summary>
/// A file of JSON lines on this replica's disk. Every line begins with a line break of its own: what a failed write has left (no space on
/// the disk) ends there, and takes nothing with it. To be written by one at a time.
/// </summary>
/// <typeparam name="TLine">One line.</typeparam>
/// <param name="path">The file; its directory is made when it is first written.</param>
internal sealed class JournalFile<TLine>(string path) where TLine : class
{
    /// <summary>The lines from the first to the last; none, if there is no file.</summary>
    /// <param name="torn">Told of what is no line: it was being written when the process or the disk failed.</param>
    public IEnumerable<TLine> Read(Action<string> torn)
    {
        if (!File.Exists(path)) yield break;
        foreach (var text in File.ReadLines(path).Where(text => text.Length > 0))
        {
            if (Parse(text) is { } line) yield return line;
            else torn(text);
        }
    }

    /// <param name="lines">What is added, in one write.</param>
    /// <param name="flush">True: it is on the disk when this returns.</param>
    /// <returns>How many bytes that took.</returns>
    public long Append(IReadOnlyCollection<TLine> lines, bool flush)
    {
        using var bytes = new MemoryStream();
        foreach (var line in lines) Add(bytes, line);
        using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Write(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        if (flush) file.Flush(flushToDisk: true);
        return bytes.Length;
    }

    /// <summary>Puts these lines in the place of all others, or fails and leaves the others.</summary>
    /// <returns>How many bytes the file has.</returns>
    public long Replace(IEnumerable<TLine> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = path + ".next";
        long length;
        using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            foreach (var line in lines) Add(file, line);
            file.Flush(flushToDisk: true);
            length = file.Length;
        }

        File.Move(next, path, overwrite: true);
        return length;
    }

    private static void Add(Stream stream, TLine line)
    {
        stream.WriteByte((byte)'\n');
        JsonSerializer.Serialize(stream, line, JsonSerializerOptions.Web);
        stream.WriteByte((byte)'\n');
    }

    private static TLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<TLine>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
