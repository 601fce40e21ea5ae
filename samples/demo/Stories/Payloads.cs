using System.Text.Json.Serialization;

namespace BlueGreen.Demo.Stories;

internal sealed record PromotionBody(
    string Model, string Version, string Stage, string Endpoint, PromotionBodyArtifact Artifact, string PromotedBy);

internal sealed record PromotionBodyArtifact(string Uri, string Sha256);

/// <summary>An Alertmanager notification, version 4, as its webhook receiver sends it.</summary>
internal sealed record AlertmanagerBody(
    string Version, string GroupKey, int TruncatedAlerts, string Status, string Receiver, Dictionary<string, string> GroupLabels,
    Dictionary<string, string> CommonLabels, Dictionary<string, string> CommonAnnotations, string ExternalURL, AlertBody[] Alerts);

internal sealed record AlertBody(
    string Status, Dictionary<string, string> Labels, Dictionary<string, string> Annotations, DateTimeOffset StartsAt, string EndsAt,
    string GeneratorURL, string Fingerprint);

[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PromotionBody))]
[JsonSerializable(typeof(AlertmanagerBody))]
internal sealed partial class StoriesJson : JsonSerializerContext;
