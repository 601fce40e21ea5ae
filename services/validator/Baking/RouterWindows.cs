using System.Globalization;
using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>Asks every router's control surface: <c>GET /routes/{endpoint}/windows</c>.</summary>
internal sealed class RouterWindows(
    IHttpClientFactory clients, IOptionsMonitor<ServiceAddresses> addresses, IOptions<BakeOptions> options, TimeProvider time,
    ILogger<RouterWindows> logger) : IRouterWindows
{
    public const string HttpClient = "validator-router-windows";

    public async Task<RouterReading> ReadAsync(
        string endpoint, Guid environmentId, DateTimeOffset from, DateTimeOffset to, bool copies, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture,
            $"routes/{Uri.EscapeDataString(endpoint)}/windows?environment={environmentId}&from={from.UtcDateTime:O}&to={to.UtcDateTime:O}&copies={(copies ? "true" : "false")}");
        var answers = await Task.WhenAll(addresses.CurrentValue.RouterUrls.Select(
            router => ReadAsync(endpoint, router, new Uri(router, query), cancellationToken)));
        return Add(answers);
    }

    private async Task<Answer> ReadAsync(string endpoint, Uri router, Uri address, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.RouterTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(HttpClient);
            var window = await client.GetFromJsonAsync<Window>(address, either.Token);
            return window?.ToSum() is { } sum ? new(router, sum, null) : Missing(endpoint, router, "its windows are malformed");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Missing(endpoint, router, $"no answer within {options.Value.RouterTimeout.TotalSeconds:0.###} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            return Missing(endpoint, router, failure.Message);
        }
    }

    private Answer Missing(string endpoint, Uri router, string reason)
    {
        logger.RouterUnreadable(endpoint, router, reason);
        return new(router, null, $"{router}: {reason}");
    }

    private static RouterReading Add(Answer[] answers)
    {
        var total = WindowSum.Empty;
        var missing = new List<string>();
        foreach (var answer in answers)
        {
            if (answer.Sum is null) missing.Add(answer.Fault!);
            else if (total.Plus(answer.Sum) is not { } more) missing.Add($"{answer.Router}: its histogram has other bounds than the other routers'");
            else total = more;
        }

        return new(total, missing);
    }

    private sealed record Answer(Uri Router, WindowSum? Sum, string? Fault);

    private sealed record Window(
        long Requests, long Errors, long NullPredictions, long Inspected, IReadOnlyDictionary<string, long>? Answers, CopyTally? Copies, Histogram? Latency)
    {
        private const string ClientError = "clientError";

        /// <returns>Null when the figures contradict each other.</returns>
        public WindowSum? ToSum()
        {
            var refused = Answers?.GetValueOrDefault(ClientError) ?? 0;
            if (Requests < 0 || Errors < 0 || refused < 0 || Errors + refused > Requests) return null;
            if (NullPredictions < 0 || NullPredictions > Inspected) return null;
            if (Latency is not { BoundsMilliseconds: { } bounds, Counts: { } counts } || bounds.Count != counts.Count) return null;
            return new(Requests, Errors, NullPredictions, new([.. bounds.Select(bound => bound ?? double.PositiveInfinity)], counts))
            {
                ClientErrors = refused,
                Inspected = Inspected,
                Copies = Copies ?? default,
            };
        }
    }

    private sealed record Histogram(IReadOnlyList<double?>? BoundsMilliseconds, IReadOnlyList<long>? Counts);
}
