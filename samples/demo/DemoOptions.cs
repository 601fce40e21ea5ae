namespace BlueGreen.Demo;

/// <param name="Json">Last line of standard output is one JSON object.</param>
/// <param name="Keep">Leave the platform running afterwards, until Ctrl-C.</param>
/// <param name="Rate">Mean requests per second.</param>
/// <param name="Folder">Where the run's files go and stay; null: a temporary folder.</param>
internal sealed record DemoOptions(bool Json, bool Keep, double Rate, string? Folder);
