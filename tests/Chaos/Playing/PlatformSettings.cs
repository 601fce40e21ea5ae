using BlueGreen.Demo.Hosting;

namespace BlueGreen.Chaos.Playing;

/// <summary>What is different from production in a seed's platform, as environment variables.</summary>
internal static class PlatformSettings
{
    public static Dictionary<string, string> Of(RunFolder folder) => new()
    {
        // Fleets outlive env-manager, as in production; the harness finds and ends them by their mark.
        ["BlueGreen__EnvManager__StopEnvironmentsOnShutdown"] = "false",
        [$"BlueGreen__EnvManager__Variables__{Leftovers.Variable}"] = folder.RunId,
        ["BlueGreen__EnvManager__ReapInterval"] = "00:00:02",
        ["BlueGreen__Work__Lease"] = "00:00:05",
        ["BlueGreen__Bus__SideQueuePoll"] = "00:00:02",
        // A process lives for a minute: code that is compiled for the long run costs it half of its processor time.
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_TC_CallCountThreshold"] = "2000",
        ["BlueGreen__EnvManager__Variables__DOTNET_TieredPGO"] = "0",
    };
}
