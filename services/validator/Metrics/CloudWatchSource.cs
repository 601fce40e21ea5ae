using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;

namespace BlueGreen.Validator.Metrics;

/// <summary>
/// Amazon CloudWatch's GetMetricData (JSON protocol) with one expression: a Metrics Insights query or metric maths. The newest value counts;
/// anything but a complete answer is no data. The secret is <c>access key:secret key</c>; the account is the region.
/// </summary>
internal sealed class CloudWatchSource(MetricHttp http, TimeProvider time) : IMetricSource
{
    private const string Target = "GraniteServiceVersion20100801.GetMetricData";

    public string Kind => "cloudwatch";

    public Task<MetricSample> ReadAsync(MetricSource source, string? secret, CancellationToken cancellationToken) =>
        http.SendAsync(() => Compose(source, secret), Read, cancellationToken);

    private HttpRequestMessage Compose(MetricSource source, string? secret)
    {
        var to = time.GetUtcNow();
        var query = new JsonObject { ["Id"] = "m1", ["Expression"] = source.Query, ["Period"] = (int)source.Window.TotalSeconds, ["ReturnData"] = true };
        var body = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["StartTime"] = (to - source.Window).ToUnixTimeSeconds(),
            ["EndTime"] = to.ToUnixTimeSeconds(),
            ["ScanBy"] = "TimestampDescending",
            ["MetricDataQueries"] = new JsonArray(query),
        }.ToJsonString());
        var request = new HttpRequestMessage(HttpMethod.Post, source.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/x-amz-json-1.0");
        request.Headers.Add("X-Amz-Target", Target);
        if (secret?.Split(':', 2) is [var key, var word]) AwsSignature.Sign(request, body, key, word, source.Account ?? "us-east-1", "monitoring", to);
        return request;
    }

    private static MetricSample Read(JsonElement answer)
    {
        var results = answer.GetProperty("MetricDataResults");
        if (results.GetArrayLength() == 0) return MetricSample.Empty("there is no such metric");
        if (results.GetArrayLength() > 1) return MetricSample.Error(string.Create(CultureInfo.InvariantCulture, $"{results.GetArrayLength()} series: aggregate to one"));
        var status = results[0].TryGetProperty("StatusCode", out var code) ? code.GetString() : "Complete";
        if (status is "InternalError" or "Forbidden") return MetricSample.Error($"status {status}");
        if (status != "Complete") return MetricSample.Empty($"status {status}");
        var values = results[0].GetProperty("Values");
        return values.GetArrayLength() == 0 ? MetricSample.Empty("there is no value in the window") : MetricHttp.Number(values[0]);
    }
}
