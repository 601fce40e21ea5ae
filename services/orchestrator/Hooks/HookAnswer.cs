namespace BlueGreen.Orchestrator.Hooks;

/// <summary>What one call of a hook came to.</summary>
/// <param name="Verdict">What it said.</param>
/// <param name="Detail">Its own reason, or why there was no answer.</param>
internal sealed record HookAnswer(HookVerdict Verdict, string Detail);

/// <summary>
/// 2xx is a yes and 202 a "not yet", unless the body's <c>verdict</c> says otherwise (<c>passed</c>, <c>failed</c>, <c>pending</c>); 4xx is a no;
/// 408, 425, 429, 5xx, a redirect and silence are no answer.
/// </summary>
internal enum HookVerdict
{
    Passed,
    Failed,
    Pending,
    NoAnswer,
}
