using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Cli.Judging;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(FiniteNumber)])]
[JsonSerializable(typeof(OfflineJudgement))]
[JsonSerializable(typeof(StoredJudgement))]
[JsonSerializable(typeof(IReadOnlyList<GateResult>))]
internal sealed partial class JudgeJson : JsonSerializerContext;
