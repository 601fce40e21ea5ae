using BlueGreen.Demo.Stories;
using BlueGreen.Demo.Verification;

namespace BlueGreen.Demo.Reporting;

/// <summary>A whole run, as it is printed.</summary>
/// <param name="Stories">In the order they were played.</param>
/// <param name="Figures">From the client's log.</param>
internal sealed record RunReport(IReadOnlyList<StoryResult> Stories, RunFigures Figures)
{
    /// <summary>Everything that did not go as told; empty for a good run.</summary>
    public IReadOnlyList<string> Faults { get; } =
        [.. Stories.Select(result => result.Fault()).OfType<string>(), .. Figures.Faults];
}
