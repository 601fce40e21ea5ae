using System.Text.Json;
using BlueGreen.Platform.Http;

namespace BlueGreen.Rollback.Sources;

/// <summary>Tells label sets apart, whatever order they come in.</summary>
internal static class LabelDigest
{
    public static string Of(IReadOnlyDictionary<string, string> labels) => BlobDigest.Of(
        JsonSerializer.SerializeToUtf8Bytes(labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => new[] { label.Key, label.Value })));
}
