namespace BlueGreen.Orchestrator.Policies;

/// <summary>A piece of policy text with its place, the same for YAML and JSON. Line and column are 1-based.</summary>
internal abstract record PolicyNode(int Line, int Column);

/// <param name="Text">The characters, without quotes.</param>
/// <param name="Quoted">Written as a string: <c>"2"</c> is text, not a number.</param>
/// <param name="Line">1-based line.</param>
/// <param name="Column">1-based column.</param>
internal sealed record ScalarNode(string Text, bool Quoted, int Line, int Column) : PolicyNode(Line, Column)
{
    public bool IsNull => !Quoted && Text is "" or "~" or "null";
}

internal sealed record ListNode(IReadOnlyList<PolicyNode> Items, int Line, int Column) : PolicyNode(Line, Column);

internal sealed record MapNode(IReadOnlyList<MapEntry> Entries, int Line, int Column) : PolicyNode(Line, Column)
{
    public MapEntry? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key);
}

internal sealed record MapEntry(string Key, PolicyNode Value, int Line, int Column);

/// <summary>The text is not YAML, or not JSON, or uses something of YAML that policies do not.</summary>
internal sealed class PolicySyntaxException(string message, long line, long column) : Exception(message)
{
    public int Line { get; } = (int)line;
    public int Column { get; } = (int)column;
}
