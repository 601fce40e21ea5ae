using System.Security.Cryptography;

namespace BlueGreen.Demo.Hosting;

/// <summary>Made anew for every run; nothing but this run's processes ever knows them.</summary>
internal sealed record RunSecrets(string OperatorToken, string BreakGlassToken, string WebhookSecret, string AlarmToken)
{
    private const int Bytes = 24;

    public static RunSecrets Create() => new(Random(), Random(), Random(), Random());

    private static string Random() => RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);
}
