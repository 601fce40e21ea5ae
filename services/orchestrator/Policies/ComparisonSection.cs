using System.Text.Json.Nodes;
using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.bake.compare</c>: a list of mappings with one comparison each.</summary>
internal static class ComparisonSection
{
    private const string Field = "compare";

    public static BakeComparison? Read(PolicySection bake)
    {
        var items = bake.Sections(
            Field, "What green answers to live requests is held against what blue answers to copies of them (`route.mirror.blue`).",
            ReadItem, () => [], new JsonArray());
        foreach (var twice in items.OfType<DistributionGate>().GroupBy(gate => gate.Statistic).Where(group => group.Count() > 1))
            bake.Rule(false, $"The statistic '{twice.Key}' is given {twice.Count()} times: give it once.", Field);
        bake.Rule(items.OfType<PairedGate>().Count() <= 1, "Give 'paired' once.", Field);
        return items.Count == 0 ? null : new BakeComparison
        {
            Distributions = [.. items.OfType<DistributionGate>()],
            Paired = items.OfType<PairedGate>().FirstOrDefault(),
        };
    }

    private static object ReadItem(PolicySection item)
    {
        object? distribution = item.OptionalSection(
            "distribution", "Distance between both colours' scores, as an effect against a margin.", DistributionSection.ReadStatistic);
        object? paired = item.OptionalSection("paired", "Share of live requests that both colours answer differently.", GateSections.ReadComparison);
        item.ExactlyOne();
        return distribution ?? paired ?? new PairedGate { MaxDisagreement = 1, Tolerance = 0, Requests = 100 };
    }
}
