using System.IO.Compression;
using System.Text.Json;
using Microsoft.ML;

namespace BlueGreen.ModelServer.Models;

/// <summary>
/// One zip file: <c>metadata.json</c>, <c>model.zip</c> (an ML.NET pipeline) and, where the metadata asks for it,
/// <c>reference.bin</c>. Written without timestamps, so that equal contents have equal digests.
/// </summary>
internal sealed record ModelArtifact(ModelMetadata Metadata, byte[] Pipeline, ReferenceTable? Reference)
{
    private const string MetadataEntry = "metadata.json";
    private const string PipelineEntry = "model.zip";
    private const string ReferenceEntry = "reference.bin";

    // The zip format's own epoch.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="InvalidDataException">The stream is not a complete artifact.</exception>
    public static ModelArtifact Read(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        var metadata = ReadMetadata(zip);
        if (metadata.FindFault() is { } fault) throw new InvalidDataException($"{MetadataEntry}: {fault}");
        using var pipeline = new MemoryStream();
        using (var entry = Open(zip, PipelineEntry)) entry.CopyTo(pipeline);
        return new ModelArtifact(metadata, pipeline.ToArray(), ReadReference(zip, metadata));
    }

    public void Write(Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        using (var entry = Create(zip, MetadataEntry))
            JsonSerializer.Serialize(entry, Metadata, MetadataJson.Default.ModelMetadata);
        using (var entry = Create(zip, PipelineEntry)) entry.Write(Pipeline);
        if (Reference is null) return;
        using (var entry = Create(zip, ReferenceEntry)) Reference.Write(entry);
    }

    /// <summary>Saves a fitted pipeline, stripped of the timestamps that ML.NET's own zip carries.</summary>
    public static byte[] Save(MLContext context, ITransformer transformer, DataViewSchema schema)
    {
        using var saved = new MemoryStream();
        context.Model.Save(transformer, schema, saved);
        using var timeless = new MemoryStream();
        using (var source = new ZipArchive(saved, ZipArchiveMode.Read))
        using (var target = new ZipArchive(timeless, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var entry in source.Entries)
            {
                using var from = entry.Open();
                using var to = Create(target, entry.FullName);
                from.CopyTo(to);
            }

        return timeless.ToArray();
    }

    private static ModelMetadata ReadMetadata(ZipArchive zip)
    {
        using var entry = Open(zip, MetadataEntry);
        try
        {
            return JsonSerializer.Deserialize(entry, MetadataJson.Default.ModelMetadata)
                ?? throw new InvalidDataException($"{MetadataEntry} is empty.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{MetadataEntry}: {e.Message}", e);
        }
    }

    private static ReferenceTable? ReadReference(ZipArchive zip, ModelMetadata metadata)
    {
        if (metadata.UnseenCategory.Neighbours is null) return null;
        using var entry = Open(zip, ReferenceEntry);
        using var buffered = new BufferedStream(entry, 1 << 16);
        return ReferenceTable.Read(buffered);
    }

    private static Stream Open(ZipArchive zip, string name) =>
        zip.GetEntry(name)?.Open() ?? throw new InvalidDataException($"The artifact has no {name}.");

    private static Stream Create(ZipArchive zip, string name)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
        entry.LastWriteTime = NoTime;
        return entry.Open();
    }
}
