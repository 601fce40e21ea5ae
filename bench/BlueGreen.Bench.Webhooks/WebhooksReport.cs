using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlueGreen.Bench.Webhooks;

/// <summary>The figures; bench/README.md says what each one is. Null: not asked for.</summary>
internal sealed record WebhooksReport
{
    [JsonPropertyName("payloads")] public required long Payloads { get; init; }
    [JsonPropertyName("unhandled")] public required long Unhandled { get; init; }
    [JsonPropertyName("status_5xx")] public required long ServerErrors { get; init; }
    [JsonPropertyName("forged")] public required long Forged { get; init; }
    [JsonPropertyName("forged_accepted")] public required long ForgedAccepted { get; init; }
    [JsonPropertyName("peak_mb")] public required double PeakMegabytes { get; init; }
    [JsonPropertyName("accepted_per_s")] public double? AcceptedPerSecond { get; init; }
    [JsonPropertyName("p50_ms")] public double? P50 { get; init; }
    [JsonPropertyName("p99_ms")] public double? P99 { get; init; }
    [JsonPropertyName("p999_ms")] public double? P999 { get; init; }
    [JsonPropertyName("not_accepted")] public long? NotAccepted { get; init; }
    [JsonPropertyName("cpu_ms_per_webhook")] public IReadOnlyDictionary<string, double>? CpuPerWebhook { get; init; }
    [JsonPropertyName("acknowledged_at_kill")] public long? AcknowledgedAtKill { get; init; }
    [JsonPropertyName("acknowledged_lost")] public long? AcknowledgedLost { get; init; }
    [JsonPropertyName("statuses")] public required IReadOnlyDictionary<int, long> Statuses { get; init; }

    [JsonIgnore] public bool IsGood => Unhandled + ServerErrors + ForgedAccepted + (AcknowledgedLost ?? 0) == 0;

    public string ToJson() => JsonSerializer.Serialize(this);
}
