using System.Globalization;
using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>Asks every router's control surface: <c>GET /routes/{endpoint}/pairs</c>.</summary>
internal sealed class RouterPairs(
    IHttpClientFactory clients, IOptionsMonitor<ServiceAddresses> addresses, IOptions<BakeOptions> options, TimeProvider time,
    ILogger<RouterPairs> logger) : IRouterPairs
{
    public async Task<PairReading> ReadAsync(string endpoint, Guid blue, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture,
            $"routes/{Uri.EscapeDataString(endpoint)}/pairs?environment={blue}&since={since.UtcDateTime:O}");
        var answers = await Task.WhenAll(addresses.CurrentValue.RouterUrls.Select(
            router => ReadAsync(endpoint, router, new Uri(router, query), cancellationToken)));
        return new(
            [.. answers.SelectMany(answer => answer.Pairs).OrderBy(pair => pair.At)],
            [.. answers.Select(answer => answer.Fault).OfType<string>()]);
    }

    private async Task<Answer> ReadAsync(string endpoint, Uri router, Uri address, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.RouterTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(RouterWindows.HttpClient);
            var answer = await client.GetFromJsonAsync<PairsShown>(address, either.Token);
            return answer?.Pairs is { } pairs
                ? new([.. pairs.Where(pair => pair.IsPrediction && !pair.IsRefused).Select(pair => pair.ToPair())], null)
                : Missing(endpoint, router, "its pairs are malformed");
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
        return new([], $"{router}: {reason}");
    }

    private sealed record Answer(IReadOnlyList<LivePair> Pairs, string? Fault);

    private sealed record PairsShown(IReadOnlyList<PairShown>? Pairs);

    private sealed record PairShown(
        DateTimeOffset At, int LiveStatus, int MirrorStatus, bool IsPrediction, IReadOnlyList<double?>? Live, IReadOnlyList<double?>? Mirror)
    {
        /// <summary>Both refused it: the request's fault.</summary>
        public bool IsRefused => LiveStatus is >= 400 and < 500 && MirrorStatus is >= 400 and < 500;

        /// <summary>One score per request: rows of one request are no independent observations.</summary>
        public LivePair ToPair() => new(At, First(Live), First(Mirror), MirrorStatus is >= 200 and < 300);

        private static double? First(IReadOnlyList<double?>? scores) => scores is [{ } score, ..] && double.IsFinite(score) ? score : null;
    }
}
