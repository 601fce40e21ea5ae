using BlueGreen.Chaos.Evidence;
using Npgsql;

namespace BlueGreen.Chaos.Playing;

/// <summary>A seed that has come to rest, for whoever wants to plant something in it.</summary>
/// <param name="Database">All schemas.</param>
/// <param name="Folder">The run's folder.</param>
/// <param name="Evidence">What it looks like.</param>
internal sealed record SeedScene(NpgsqlDataSource Database, string Folder, SeedEvidence Evidence);
