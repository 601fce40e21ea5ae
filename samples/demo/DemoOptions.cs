namespace BlueGreen.Demo;

/// <param name="Json">Last line of standard output is one JSON object.</param>
/// <param name="Keep">Leave the platform running afterwards, until Ctrl-C.</param>
/// <param name="Rate">Mean requests per second.</param>
/// <param name="Folder">Where the run's files go and stay; null: a temporary folder.</param>
/// <param name="Seed">Of the training; null: the trainer's own.</param>
/// <param name="Redeploys">Deploy v2 a second time after itself.</param>
internal sealed record DemoOptions(bool Json, bool Keep, double Rate, string? Folder, int? Seed = null, bool Redeploys = false);
