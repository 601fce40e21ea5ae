using System.Globalization;
using System.Net;

namespace BlueGreen.Router.Drivers;

/// <summary>Forms of text that several drivers read and write.</summary>
internal static class DriverText
{
    /// <summary><c>host:port</c>; an IPv6 address stands in brackets.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static EndPoint EndPointOf(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw new FormatException($"'{text}' is not host:port.");
        var host = text[..colon].Trim('[', ']');
        return IPAddress.TryParse(host, out var address) ? new IPEndPoint(address, port) : new DnsEndPoint(host, port);
    }

    /// <summary>Finds out whether a file can be replaced, before what it is to say is made true.</summary>
    /// <exception cref="IOException">It cannot.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not.</exception>
    public static void RequireReplaceable(string path)
    {
        var next = $"{path}.{Guid.NewGuid():N}.next";
        using (File.Create(next, bufferSize: 1, FileOptions.DeleteOnClose))
        {
            // That it could be made is all.
        }
    }

    /// <summary>Replaces a file by one that is whole at every instant, also after a crash.</summary>
    public static async Task ReplaceFileAsync(string path, string text, CancellationToken cancellationToken)
    {
        var next = $"{path}.{Guid.NewGuid():N}.next";
        try
        {
            await using (var file = new FileStream(next, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(System.Text.Encoding.UTF8.GetBytes(text), cancellationToken);
                file.Flush(flushToDisk: true);
            }

            if (File.Exists(path) && !OperatingSystem.IsWindows()) File.SetUnixFileMode(next, File.GetUnixFileMode(path));
            File.Move(next, path, overwrite: true);
        }
        finally
        {
            File.Delete(next);
        }
    }
}
