using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Bench.Sagas.Measuring;

namespace BlueGreen.Bench.Sagas;

/// <summary>The figures; bench/README.md says what each one is.</summary>
internal sealed record SagasReport
{
    [JsonPropertyName("deployments_per_s")] public required double DeploymentsPerSecond { get; init; }
    [JsonPropertyName("messages_per_s")] public required double MessagesPerSecond { get; init; }
    [JsonPropertyName("overhead_ms")] public required Quantiles Overhead { get; init; }
    [JsonPropertyName("overhead_ms_at_1")] public required Quantiles OverheadAtOne { get; init; }
    [JsonPropertyName("bytes_per_deployment")] public required long BytesPerDeployment { get; init; }
    [JsonPropertyName("growth_10_100_1000_10000")] public required IReadOnlyList<double?> Growth { get; init; }
    [JsonPropertyName("in_flight")] public required int InFlight { get; init; }
    [JsonPropertyName("deployments")] public required int Deployments { get; init; }
    [JsonPropertyName("not_committed")] public required long NotCommitted { get; init; }
    [JsonPropertyName("messages_per_deployment")] public required double MessagesPerDeployment { get; init; }
    [JsonPropertyName("commits_per_deployment")] public required double CommitsPerDeployment { get; init; }
    [JsonPropertyName("cpu_ms_per_deployment")] public required IReadOnlyDictionary<string, double> CpuPerDeployment { get; init; }

    [JsonPropertyName("idle_cpu_ms_per_s")] public required double IdleCpu { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this);
}
