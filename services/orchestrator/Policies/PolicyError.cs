namespace BlueGreen.Orchestrator.Policies;

/// <summary>One thing that is wrong with a policy, and where.</summary>
/// <param name="Field">Path of the field, e.g. <c>spec.gates[1].latency.p99</c>; <c>policy</c> when the text cannot be read at all.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in characters.</param>
/// <param name="Message">What is wrong with it and what would be right.</param>
internal sealed record PolicyError(string Field, int Line, int Column, string Message)
{
    /// <summary>As compilers write it: <c>line:column: field: message</c>.</summary>
    public override string ToString() => $"{Line}:{Column}: {Field}: {Message}";
}
