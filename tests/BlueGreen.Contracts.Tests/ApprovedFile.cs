using System.Runtime.CompilerServices;

namespace BlueGreen.Contracts.Tests;

/// <summary>
/// The committed wire format of one message. <c>BLUEGREEN_APPROVE=1</c> writes the files anew: look at the difference before it is
/// committed, for a renamed or newly required member breaks messages that are in flight during an upgrade.
/// </summary>
internal static class ApprovedFile
{
    public static bool IsBeingApproved => Environment.GetEnvironmentVariable("BLUEGREEN_APPROVE") == "1";

    public static IEnumerable<string> Names =>
        Directory.EnumerateFiles(Folder(), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    public static string? Read(string message) => File.Exists(PathOf(message)) ? File.ReadAllText(PathOf(message)) : null;

    public static void Write(string message, string json) => File.WriteAllText(PathOf(message), json);

    private static string PathOf(string message) => Path.Combine(Folder(), $"{message}.json");

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Approved");
}
