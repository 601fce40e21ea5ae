using System.Globalization;
using BlueGreen.Chaos.Serving;

namespace BlueGreen.Chaos.Scripts;

/// <summary>One promotion of a script.</summary>
/// <param name="After">Since the endpoint's promotion before.</param>
/// <param name="Patience">Posted as soon as nothing is under way at the endpoint, or when this is over: zero makes it come in between.</param>
/// <param name="Endpoint">To which endpoint.</param>
/// <param name="Version">Unique within the script.</param>
/// <param name="Kind">How the model behaves.</param>
/// <param name="AlarmState">For an alarmed one: the state of its deployment in which the alarm is raised.</param>
/// <param name="AlarmAfter">And how long after it began.</param>
/// <param name="IsPoisoned">Whether env-manager cannot store its environment, until an operator has seen to it.</param>
/// <param name="Decision">What an operator does about it where one is asked.</param>
/// <param name="DecisionAfter">How long the operator takes.</param>
internal sealed record PromotionStep(
    TimeSpan After, TimeSpan Patience, string Endpoint, string Version, ReleaseKind Kind, string? AlarmState, TimeSpan AlarmAfter,
    bool IsPoisoned = false, OperatorDecision Decision = OperatorDecision.GoOn, TimeSpan DecisionAfter = default)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{After.TotalSeconds:0.0} s later")
        + (Patience == TimeSpan.Zero ? ", whatever is under way" : "") + $": {Version} ({Kind}{(IsPoisoned ? ", poisoned" : "")})"
        + (AlarmState is null ? "" : string.Create(CultureInfo.InvariantCulture, $", alarm {AlarmAfter.TotalSeconds:0.0} s into {AlarmState}"))
        + string.Create(CultureInfo.InvariantCulture, $"; when asked, an operator says {Decision} after {DecisionAfter.TotalSeconds:0.0} s");
}
