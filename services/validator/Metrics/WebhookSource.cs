using System.Net.Http.Headers;
using BlueGreen.Contracts;

namespace BlueGreen.Validator.Metrics;

/// <summary>
/// Any address that decides: <c>POST</c> of whom it is about (<c>endpoint</c>, <c>environmentId</c>, <c>model</c>, <c>version</c>), answered
/// with JSON; the number, or true (1) or false (0), stands at a JSON pointer.
/// </summary>
internal sealed class WebhookSource(MetricHttp http) : IMetricSource
{
    public string Kind => "webhook";

    public Task<MetricSample> ReadAsync(MetricSource source, string? secret, CancellationToken cancellationToken) =>
        Task.FromResult(MetricSample.Error("a webhook is asked about an environment"));

    public Task<MetricSample> ReadAsync(MetricSource source, MetricSubject subject, string? secret, CancellationToken cancellationToken) =>
        http.SendAsync(() => Compose(source, subject, secret), answer => HttpJsonSource.Read(answer, source.Value ?? ""), cancellationToken);

    private static HttpRequestMessage Compose(MetricSource source, MetricSubject subject, string? secret)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(source.Address, source.Query)) { Content = JsonContent.Create(subject) };
        request.Headers.Accept.Add(new("application/json"));
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return request;
    }
}
