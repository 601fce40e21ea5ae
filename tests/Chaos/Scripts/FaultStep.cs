using System.Globalization;

namespace BlueGreen.Chaos.Scripts;

/// <summary>One fault of a script.</summary>
/// <param name="Label">Its row in the table of hits, e.g. <c>kill router</c>.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Services">To which services; empty where that has no meaning.</param>
/// <param name="State">Done as soon as some deployment is in this state, or when <paramref name="Patience"/> is over.</param>
/// <param name="After">Pause since the fault before was begun.</param>
/// <param name="Patience">Longest wait for the state.</param>
/// <param name="Lasts">Until it is undone.</param>
/// <param name="Seed">Of what is left to chance: orders, delays.</param>
internal sealed record FaultStep(
    string Label, FaultKind Kind, IReadOnlyList<string> Services, string State, TimeSpan After, TimeSpan Patience, TimeSpan Lasts, int Seed)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{After.TotalSeconds:0.0} s later, when a deployment is in {State} (or {Patience.TotalSeconds:0} s have passed): {Label} ")
        + string.Create(CultureInfo.InvariantCulture, $"[{string.Join(", ", Services)}] for {Lasts.TotalSeconds:0.0} s");
}
