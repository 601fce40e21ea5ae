using System.Globalization;

namespace BlueGreen.Chaos.Scripts;

/// <summary>One fault of a script.</summary>
/// <param name="Label">Its row in the table of hits, e.g. <c>kill router</c>.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Services">To which services; empty where that has no meaning.</param>
/// <param name="State">Done when the deployment is in this state, or has ended without having been in it.</param>
/// <param name="Version">Whose deployment.</param>
/// <param name="After">Since it entered the state.</param>
/// <param name="Lasts">Until it is undone.</param>
/// <param name="Seed">Of what is left to chance: orders, delays.</param>
internal sealed record FaultStep(
    string Label, FaultKind Kind, IReadOnlyList<string> Services, string State, string Version, TimeSpan After, TimeSpan Lasts, int Seed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"when {Version} is in {State}, {After.TotalSeconds:0.0} s later: ")
        + string.Create(CultureInfo.InvariantCulture, $"{Label} [{string.Join(", ", Services)}] for {Lasts.TotalSeconds:0.0} s");
}
