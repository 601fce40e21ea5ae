using BlueGreen.Contracts;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;
using BlueGreen.Platform.Traffic;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Loads green, replica by replica in turn, with more than production ever asked of the endpoint: the policy's factor times the
/// observed peak, or the policy's own rate where nothing was observed.
/// </summary>
internal sealed class GreenLoad(OpenLoopLoad load, IObservedTraffic traffic, IOptions<GateOptions> options)
{
    /// <param name="subject">Who is loaded, with which requests.</param>
    /// <param name="requests">How many are measured at least.</param>
    /// <param name="tally">Hears of every reply, priming included.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public async Task<GreenLoadResult> RunAsync(
        GateSubject subject, int requests, RequestTally tally, CancellationToken cancellationToken)
    {
        var (side, payloads) = (subject.Green, subject.Requests.Payloads);
        await PrimeAsync(side, payloads, tally, cancellationToken);
        var policy = subject.Command.Gates.Load;
        var (rate, duration, source) = await RateAsync(subject.Command.Endpoint, policy, requests, cancellationToken);
        var plan = new LoadPlan
        {
            Rate = rate,
            Requests = Math.Max(requests, (int)Math.Min(options.Value.MostLoadRequests, rate * duration.TotalSeconds)),
            TimerSlack = options.Value.TimerSlack,
        };
        var result = await load.RunAsync(
            plan,
            (number, token) => SendAsync(
                side, side.Targets[number % side.Targets.Count], payloads[number % payloads.Count], tally, token),
            cancellationToken);
        return new(result, source);
    }

    private async Task<(double Rate, TimeSpan Duration, string Source)> RateAsync(string endpoint, LoadPolicy? policy, int requests, CancellationToken cancellationToken)
    {
        var fallback = policy?.Rate ?? options.Value.LoadRate;
        if (policy is null || await traffic.PeakAsync(endpoint, cancellationToken) is not { } peak)
            return (fallback, TimeSpan.Zero, FormattableString.Invariant($"{fallback:0.#}/s, no peak observed"));
        // Of an endpoint that is asked twice a minute, hundreds of requests at that pace would take hours.
        var rate = Math.Max(policy.Factor * peak.RequestsPerSecond, requests / options.Value.LongestLoad.TotalSeconds);
        var text = FormattableString.Invariant($"{rate:0.#}/s, {policy.Factor:0.##} × the observed peak of {peak.RequestsPerSecond:0.#}/s");
        return (rate, policy.Duration, text);
    }

    private async Task PrimeAsync(
        Side side, IReadOnlyList<InferencePayload> payloads, RequestTally tally, CancellationToken cancellationToken)
    {
        foreach (var target in side.Targets)
            for (var i = 0; i < options.Value.PrimingRequests; i++)
                await SendAsync(side, target, payloads[i % payloads.Count], tally, cancellationToken);
    }

    private static async Task<InferenceReply> SendAsync(
        Side side, InferenceTarget target, InferencePayload payload, RequestTally tally, CancellationToken cancellationToken)
    {
        var reply = await side.Protocol.InferAsync(target, payload, cancellationToken);
        tally.Add(reply);
        return reply;
    }
}

/// <summary>What the load saw.</summary>
/// <param name="Load">Latencies.</param>
/// <param name="Rate">How fast it was, and why that fast, in words.</param>
internal sealed record GreenLoadResult(LoadResult Load, string Rate);
