using BlueGreen.Chaos.Evidence;
using BlueGreen.Chaos.Judging;

namespace BlueGreen.Chaos.Playing;

/// <summary>How a seed ended.</summary>
/// <param name="Verdict">What was found wrong.</param>
/// <param name="Evidence">What it was found in.</param>
/// <param name="Seconds">How long it took: start of the processes, script, waiting for quiet.</param>
/// <param name="Notes">What is worth knowing though nothing is wrong with it.</param>
/// <param name="Folder">Logs, kept when something is wrong.</param>
internal sealed record SeedResult(
    SeedVerdict Verdict, SeedEvidence Evidence, (double Start, double Script, double Quiet) Seconds, IReadOnlyList<string> Notes, string Folder);
