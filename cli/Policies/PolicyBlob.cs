namespace BlueGreen.Cli.Policies;

/// <summary>A file that a policy names.</summary>
internal sealed record PolicyBlob(string Name, string Sha256, byte[] Content);
