namespace BlueGreen.Router.Tests.Support;

internal static class BodyReading
{
    /// <summary>Bytes in the body.</summary>
    public static async Task<long> CopyAsync(this Stream body)
    {
        var buffer = new byte[8192];
        long total = 0;
        while (await body.ReadAsync(buffer) is var read and > 0) total += read;
        return total;
    }
}
