using System.Net.Http.Headers;
using System.Text.Json;
using BlueGreen.Contracts;

namespace BlueGreen.Validator.Metrics;

/// <summary>
/// Prometheus's instant query, <c>POST /api/v1/query</c>: a scalar, or a vector of exactly one sample. An empty vector is "success" there
/// and no data here; partial data come with warnings and do not count either.
/// </summary>
internal sealed class PrometheusSource(MetricHttp http) : IMetricSource
{
    public string Kind => "prometheus";

    public Task<MetricSample> ReadAsync(MetricSource source, string? secret, CancellationToken cancellationToken) =>
        http.SendAsync(() => Compose(source, secret), Read, cancellationToken);

    private static HttpRequestMessage Compose(MetricSource source, string? secret)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(source.Address, "api/v1/query"))
        {
            Content = new FormUrlEncodedContent([new("query", source.Query)]),
        };
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return request;
    }

    private static MetricSample Read(JsonElement answer)
    {
        if (answer.GetProperty("status").GetString() != "success")
            return MetricSample.Error(answer.TryGetProperty("error", out var error) ? error.ToString() : "the query failed");
        if (answer.TryGetProperty("warnings", out var warnings) && warnings.ValueKind == JsonValueKind.Array && warnings.GetArrayLength() > 0)
            return MetricSample.Empty($"the data are partial: {warnings[0]}");
        var data = answer.GetProperty("data");
        var result = data.GetProperty("result");
        switch (data.GetProperty("resultType").GetString())
        {
            case "scalar": return MetricHttp.Number(result[1]);
            case "vector" when result.GetArrayLength() == 0: return MetricSample.Empty("the vector is empty");
            case "vector" when result.GetArrayLength() == 1:
                return result[0].TryGetProperty("value", out var value)
                    ? MetricHttp.Number(value[1])
                    : MetricSample.Error("a native histogram is not a number: take a quantile of it");
            case "vector": return MetricSample.Error($"the vector has {result.GetArrayLength()} samples: aggregate to one");
            case var kind: return MetricSample.Error($"the result is a {kind}: ask for a scalar or a vector of one");
        }
    }
}
