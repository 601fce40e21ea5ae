namespace BlueGreen.Rollback.Alarms;

/// <summary>What one rule makes of a firing alarm. Of several rules the first in this order decides.</summary>
internal enum RuleVerdictKind
{
    Act,
    Wait,
    Page,
    Leave,
}

/// <param name="Kind">What is to be done.</param>
/// <param name="Reason">Why not at once; empty for <see cref="RuleVerdictKind.Act"/>.</param>
/// <param name="Until">When to look again, for <see cref="RuleVerdictKind.Wait"/>.</param>
internal sealed record RuleVerdict(RuleVerdictKind Kind, string Reason, DateTimeOffset? Until = null)
{
    public static RuleVerdict Act { get; } = new(RuleVerdictKind.Act, "");

    public static RuleVerdict Wait(string reason, DateTimeOffset until) => new(RuleVerdictKind.Wait, $"waiting: {reason}", until);

    public static RuleVerdict Page(string reason) => new(RuleVerdictKind.Page, $"paged: {reason}");

    public static RuleVerdict Leave(string reason) => new(RuleVerdictKind.Leave, $"ignored: {reason}");

    /// <summary>The one that decides: what acts before what waits, and of those that wait the one that waits the least.</summary>
    public static RuleVerdict First(IEnumerable<RuleVerdict> verdicts) =>
        verdicts.OrderBy(verdict => verdict.Kind).ThenBy(verdict => verdict.Until ?? DateTimeOffset.MaxValue).First();
}
