using System.Net.Http.Headers;
using System.Text.Json;
using BlueGreen.Contracts;

namespace BlueGreen.Validator.Metrics;

/// <summary>Any address that answers GET with JSON; the number stands at a JSON pointer.</summary>
internal sealed class HttpJsonSource(MetricHttp http) : IMetricSource
{
    public string Kind => "http";

    public Task<MetricSample> ReadAsync(MetricSource source, string? secret, CancellationToken cancellationToken) =>
        http.SendAsync(() => Compose(source, secret), answer => Read(answer, source.Value ?? ""), cancellationToken);

    private static HttpRequestMessage Compose(MetricSource source, string? secret)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(source.Address, source.Query));
        request.Headers.Accept.Add(new("application/json"));
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return request;
    }

    /// <summary>The number at the pointer.</summary>
    internal static MetricSample Read(JsonElement answer, string pointer)
    {
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty(name, out var member)) answer = member;
            else if (answer.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < answer.GetArrayLength())
                answer = answer[index];
            else return MetricSample.Empty($"the answer has nothing at {pointer}");
        }

        return MetricHttp.Number(answer);
    }
}
