using System.Globalization;
using BlueGreen.Demo.Load;

namespace BlueGreen.Demo.Verification;

/// <summary>A run's log, read back: requests in the order they were sent, marks in the order they were made.</summary>
internal sealed record ClientLog(IReadOnlyList<RequestRecord> Requests, IReadOnlyList<Mark> Marks)
{
    /// <exception cref="FormatException">A line is neither a request nor a comment; it is named.</exception>
    public static ClientLog Read(string path)
    {
        var requests = new List<RequestRecord>();
        var marks = new List<Mark>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (Mark.Parse(line) is { } mark) marks.Add(mark);
            else if (!line.StartsWith('#')) requests.Add(Parse(line) ?? throw new FormatException($"{path}, line {number}: not a request: {line}"));
        }

        requests.Sort((one, other) => one.Sent.CompareTo(other.Sent));
        marks.Sort((one, other) => one.At.CompareTo(other.At));
        return new ClientLog(requests, marks);
    }

    private static RequestRecord? Parse(string line)
    {
        if (line.Split('\t') is not [var due, var sent, var done, var status, var environment, var version, var epoch, var nullScore, var error]) return null;
        return Number(due) is { } dueAt && Number(sent) is { } sentAt && Number(done) is { } doneAt && Number(status) is { } code
            ? new RequestRecord(
                dueAt, sentAt, doneAt, (int)code, Text(environment), Text(version), Text(epoch), nullScore == "1", error.Length > 0 ? error : null)
            : null;
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(string text) => text == "-" ? null : text;
}
