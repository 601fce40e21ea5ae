using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;

namespace BlueGreen.Validator.Metrics;

/// <summary>New Relic's NRQL through NerdGraph, <c>POST /graphql</c>: one row with one number. The secret is a user key.</summary>
internal sealed class NewRelicSource(MetricHttp http) : IMetricSource
{
    private const string Graph = "query($account: Int!, $nrql: Nrql!) { actor { account(id: $account) { nrql(query: $nrql) { results } } } }";

    public string Kind => "newrelic";

    public Task<MetricSample> ReadAsync(MetricSource source, string? secret, CancellationToken cancellationToken)
    {
        if (!int.TryParse(source.Account, CultureInfo.InvariantCulture, out var account))
            return Task.FromResult(MetricSample.Error("account must be the number of a New Relic account"));
        return http.SendAsync(() => Compose(source, account, secret), Read, cancellationToken);
    }

    private static HttpRequestMessage Compose(MetricSource source, int account, string? secret)
    {
        var body = new JsonObject
        {
            ["query"] = Graph,
            ["variables"] = new JsonObject { ["account"] = account, ["nrql"] = source.Query },
        };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(source.Address, "graphql")) { Content = JsonContent.Create(body) };
        request.Headers.Add("API-Key", secret ?? "");
        return request;
    }

    private static MetricSample Read(JsonElement answer)
    {
        if (answer.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array && errors.GetArrayLength() > 0)
            return MetricSample.Error(errors[0].TryGetProperty("message", out var message) ? message.ToString() : errors[0].ToString());
        var results = answer.GetProperty("data").GetProperty("actor").GetProperty("account").GetProperty("nrql").GetProperty("results");
        if (results.ValueKind != JsonValueKind.Array || results.GetArrayLength() == 0) return MetricSample.Empty("the query has no result");
        if (results.GetArrayLength() > 1) return MetricSample.Error($"the query gives {results.GetArrayLength()} rows: ask for one");
        JsonProperty[] fields = [.. results[0].EnumerateObject().Where(field => field.Name is not ("beginTimeSeconds" or "endTimeSeconds" or "timestamp" or "facet"))];
        return fields.Length == 1 ? MetricHttp.Number(fields[0].Value) : MetricSample.Error($"the row has {fields.Length} fields: ask for one");
    }
}
