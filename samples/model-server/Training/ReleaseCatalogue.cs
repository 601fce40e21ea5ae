namespace BlueGreen.ModelServer.Training;

/// <summary>What <c>models.json</c> holds.</summary>
internal sealed record ReleaseCatalogue(int Seed, IReadOnlyList<ReleaseFile> Models, GoldenFile Golden, LiveFile Live);

/// <param name="Name">The model's name in Open Inference Protocol URLs.</param>
/// <param name="Version">The model's version.</param>
/// <param name="File">Beside models.json.</param>
/// <param name="Sha256">Lower-case hex digest of the whole file.</param>
/// <param name="NullRate">Share of live payloads answered with null, as promised.</param>
/// <param name="Summary">For people.</param>
internal sealed record ReleaseFile(string Name, string Version, string File, string Sha256, Band NullRate, string Summary);

internal sealed record GoldenFile(string File, int Rows, int Frauds);

internal sealed record LiveFile(string File, int Rows, LiveSlice Slice);

/// <summary>The rows of the live payloads that the golden payloads do not have: those whose input has that value.</summary>
internal sealed record LiveSlice(string Input, string Value, double Share);
