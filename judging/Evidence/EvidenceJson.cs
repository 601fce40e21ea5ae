using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Contracts;

namespace BlueGreen.Judging.Evidence;

/// <summary>Evidence as it is stored and handed out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(FiniteNumber)])]
[JsonSerializable(typeof(DeploymentEvidence))]
[JsonSerializable(typeof(GateEvidence))]
[JsonSerializable(typeof(GatePolicy))]
[JsonSerializable(typeof(BakeEvidence))]
[JsonSerializable(typeof(BakePolicy))]
public sealed partial class EvidenceJson : JsonSerializerContext;
