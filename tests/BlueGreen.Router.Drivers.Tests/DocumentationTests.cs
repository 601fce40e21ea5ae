using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using BlueGreen.Router.Drivers.Alb;
using BlueGreen.Router.Drivers.Kubernetes;

namespace BlueGreen.Router.Drivers.Tests;

/// <summary>What docs/drivers.md says of every kind is what its driver does; policies are refused by the same table.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public async Task Documentation_HasEveryKind_AndSaysWhatItCanDo()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddTrafficDrivers().AddKubernetesDrivers().AddAlbDriver();
        await using var provider = services.BuildServiceProvider();

        var drivers = provider.GetServices<ITrafficDriver>().Select(driver => $"{driver.Kind}: shift {Word(driver.Shifts)}, mirror {Word(driver.Mirrors)}");

        var rows = Row().Matches(File.ReadAllText(DocsPath())).Select(row => $"{row.Groups[1].Value}: shift {row.Groups[2].Value}, mirror {row.Groups[3].Value}");
        Assert.Equal(drivers.Order(StringComparer.Ordinal), rows.Order(StringComparer.Ordinal));
    }

    private static string Word(bool can) => can ? "yes" : "no";

    private static string DocsPath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "../../docs/drivers.md");

    [GeneratedRegex(@"^\| `([a-z-]+)` \| (yes|no) \| (yes|no) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
