using System.Text.Json;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;

namespace BlueGreen.Validator.Metrics;

/// <summary>
/// Datadog's scalar query, <c>POST /api/v2/query/scalar</c>, over the last window. The secret is <c>API key:application key</c>.
/// </summary>
internal sealed class DatadogSource(MetricHttp http, TimeProvider time) : IMetricSource
{
    public string Kind => "datadog";

    public Task<MetricSample> ReadAsync(MetricSource source, string? secret, CancellationToken cancellationToken) =>
        http.SendAsync(() => Compose(source, secret), Read, cancellationToken);

    private HttpRequestMessage Compose(MetricSource source, string? secret)
    {
        var to = time.GetUtcNow();
        var query = new JsonObject { ["aggregator"] = "last", ["data_source"] = "metrics", ["name"] = "a", ["query"] = source.Query };
        var attributes = new JsonObject
        {
            ["from"] = (to - source.Window).ToUnixTimeMilliseconds(),
            ["to"] = to.ToUnixTimeMilliseconds(),
            ["queries"] = new JsonArray(query),
            ["formulas"] = new JsonArray(new JsonObject { ["formula"] = "a" }),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(source.Address, "api/v2/query/scalar"))
        {
            Content = JsonContent.Create(new JsonObject { ["data"] = new JsonObject { ["type"] = "scalar_request", ["attributes"] = attributes } }),
        };
        var keys = (secret ?? "").Split(':', 2);
        request.Headers.Add("DD-API-KEY", keys[0]);
        request.Headers.Add("DD-APPLICATION-KEY", keys.Length > 1 ? keys[1] : "");
        return request;
    }

    private static MetricSample Read(JsonElement answer)
    {
        if (answer.TryGetProperty("errors", out var errors)) return MetricSample.Error(errors.ToString());
        var columns = answer.GetProperty("data").GetProperty("attributes").GetProperty("columns");
        foreach (var column in columns.EnumerateArray())
            if (column.TryGetProperty("values", out var values) && values.GetArrayLength() > 0
                && !(column.TryGetProperty("type", out var type) && type.GetString() == "group"))
                return values.GetArrayLength() == 1
                    ? MetricHttp.Number(values[0])
                    : MetricSample.Error($"the query gives {values.GetArrayLength()} values: aggregate to one");
        return MetricSample.Empty("no column has a value");
    }
}
