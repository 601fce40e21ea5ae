using System.Net;

namespace BlueGreen.Testing.Alarms.Fuzzing;

/// <summary>Sends mutated payloads of all sources, some with credentials that are not right, and counts the answers.</summary>
/// <param name="client">Its base address is the service.</param>
/// <param name="sender">Presents itself as the sources do.</param>
internal sealed class FuzzRun(HttpClient client, AlarmSender sender)
{
    private const int ForgedOneIn = 5;

    /// <param name="payloads">How many are sent.</param>
    /// <param name="seed">Reproduces the payloads, though not their order.</param>
    /// <param name="workers">Requests at a time.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public async Task<FuzzResult> RunAsync(long payloads, int seed, int workers, CancellationToken cancellationToken)
    {
        var parts = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(
            () => SendAsync((payloads + worker) / workers, seed * 1009 + worker, cancellationToken), cancellationToken)));
        return parts.Aggregate((one, other) => one + other);
    }

    private async Task<FuzzResult> SendAsync(long payloads, int seed, CancellationToken cancellationToken)
    {
        var result = new FuzzResult();
        var mutator = new PayloadMutator(seed);
        var random = new Random(seed);
        for (; payloads > 0; payloads--)
        {
            var original = AlarmPayload.All[random.Next(AlarmPayload.All.Count)];
            var isForged = random.Next(ForgedOneIn) == 0;
            var body = mutator.Mutate(original.Body);
            using var request = sender.Request(original.Source, body, isForged);
            using var response = await client.SendAsync(request, cancellationToken);
            result = result.With(response.StatusCode, isForged, $"{original.Source}, seed {seed}, {payloads} to go");
        }

        return result;
    }
}

/// <summary>How mutated payloads were answered.</summary>
internal sealed record FuzzResult
{
    public long Payloads { get; init; }
    public long Accepted { get; init; }
    public long Refused { get; init; }
    public long ForgedAccepted { get; init; }
    public long ServerErrors { get; init; }

    /// <summary>Busy, with a request to come again: no error, but nothing was stored.</summary>
    public long Unavailable { get; init; }
    public string? FirstError { get; init; }

    public FuzzResult With(HttpStatusCode status, bool isForged, string which)
    {
        var isAccepted = (int)status is >= 200 and < 300;
        var isUnavailable = status == HttpStatusCode.ServiceUnavailable;
        var isError = (int)status >= 500 && !isUnavailable;
        return this with
        {
            Payloads = Payloads + 1,
            Accepted = Accepted + (isAccepted ? 1 : 0),
            Refused = Refused + ((int)status is >= 400 and < 500 ? 1 : 0),
            ForgedAccepted = ForgedAccepted + (isAccepted && isForged ? 1 : 0),
            ServerErrors = ServerErrors + (isError ? 1 : 0),
            Unavailable = Unavailable + (isUnavailable ? 1 : 0),
            FirstError = FirstError ?? (isError || (isAccepted && isForged) ? $"{(int)status}: {which}" : null),
        };
    }

    public static FuzzResult operator +(FuzzResult one, FuzzResult other) => new()
    {
        Payloads = one.Payloads + other.Payloads,
        Accepted = one.Accepted + other.Accepted,
        Refused = one.Refused + other.Refused,
        ForgedAccepted = one.ForgedAccepted + other.ForgedAccepted,
        ServerErrors = one.ServerErrors + other.ServerErrors,
        Unavailable = one.Unavailable + other.Unavailable,
        FirstError = one.FirstError ?? other.FirstError,
    };
}
