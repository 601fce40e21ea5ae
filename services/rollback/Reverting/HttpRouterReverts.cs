using System.Net;
using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Reverting;

/// <summary>Speaks to the control surface of every router replica over connections that are kept open.</summary>
internal sealed class HttpRouterReverts(
    IHttpClientFactory clients, IOptions<ServiceAddresses> addresses, IOptionsMonitor<RollbackOptions> options, TimeProvider clock)
    : IRouterReverts
{
    public const string ClientName = "rollback-routers";

    // The router refuses more, and a revert must not fail for its wording.
    private const int MaxReason = 1000;
    private const int MaxRequester = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public async Task<LiveRoute> FindLiveAsync(string endpoint, CancellationToken cancellationToken)
    {
        var settled = default(LiveRoute.Settled);
        var unknown = default(LiveRoute.Unknown);
        var failures = new List<string>();
        await foreach (var answered in Task.WhenEach(AskAll(router => FindAsync(router, endpoint, cancellationToken))))
        {
            switch (await answered)
            {
                // One router that knows is enough: a veto reaches also those that have yet to hear of the switch.
                case LiveRoute.Revertible revertible: return revertible;
                case LiveRoute.Settled found: settled = found; break;
                case LiveRoute.Unknown found: unknown = found; break;
                case LiveRoute.Unreachable unreachable: failures.Add(unreachable.Reason); break;
                default: throw new InvalidOperationException("Unknown route.");
            }
        }

        return settled ?? unknown ?? (LiveRoute)new LiveRoute.Unreachable(string.Join("; ", failures));
    }

    public async Task<RevertAnswer> RevertAsync(RevertTraffic order, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(AskAll(router => RevertAsync(router, order, cancellationToken)));
        var reverted = answers.OfType<RevertAnswer.Reverted>().ToList();
        if (reverted.Count > 0)
        {
            return new RevertAnswer.Reverted(
                reverted.All(answer => answer.Already), reverted[0].LiveEnvironmentId, reverted.Count, answers.Length);
        }

        // A refusal is final only when every replica has given one: who is away or answers 503 may still be able to revert.
        var silent = answers.OfType<RevertAnswer.Unreachable>().Select(answer => answer.Reason).ToList();
        var refused = answers.OfType<RevertAnswer.Refused>().FirstOrDefault();
        return silent.Count == 0 && refused is not null
            ? refused
            : new RevertAnswer.Unreachable(string.Join("; ", refused is null ? silent : silent.Append(refused.Reason)));
    }

    public async Task<int> KeepWarmAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(AskAll(router => SendAsync(
            router, HttpMethod.Get, "routes", null, response => Task.FromResult(response.IsSuccessStatusCode), _ => false, cancellationToken)));
        return answers.Count(answered => answered);
    }

    private Task<TAnswer>[] AskAll<TAnswer>(Func<Uri, Task<TAnswer>> ask) => [.. addresses.Value.RouterUrls.Select(ask)];

    private Task<LiveRoute> FindAsync(Uri router, string endpoint, CancellationToken cancellationToken) =>
        SendAsync<LiveRoute>(
            router, HttpMethod.Get, $"routes/{Uri.EscapeDataString(endpoint)}", null,
            async response =>
            {
                if (response.StatusCode == HttpStatusCode.NotFound) return new LiveRoute.Unknown();
                if (!response.IsSuccessStatusCode) return new LiveRoute.Unreachable(await ExplainAsync(router, response, cancellationToken));
                var route = await response.Content.ReadFromJsonAsync<RouteResponse>(Json, cancellationToken);
                return route is { Revertible: true, Live: { } live }
                    ? new LiveRoute.Revertible(live.DeploymentId)
                    {
                        Live = live.ToSide(),
                        Standby = route.Standby?.ToSide(),
                        SwitchedAt = route.SwitchedAt,
                    }
                    : new LiveRoute.Settled(route?.Live?.ToSide());
            },
            failure => new LiveRoute.Unreachable(failure),
            cancellationToken);

    private Task<RevertAnswer> RevertAsync(Uri router, RevertTraffic order, CancellationToken cancellationToken) =>
        SendAsync<RevertAnswer>(
            router, HttpMethod.Post, $"routes/{Uri.EscapeDataString(order.Endpoint)}/revert",
            new RevertRequest(order.DeploymentId, Fit(order.Reason, MaxReason), Fit(order.RequestedBy, MaxRequester)),
            async response =>
            {
                if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                    return new RevertAnswer.Refused(await ExplainAsync(router, response, cancellationToken));
                if (!response.IsSuccessStatusCode)
                    return new RevertAnswer.Unreachable(await ExplainAsync(router, response, cancellationToken));
                var answer = await response.Content.ReadFromJsonAsync<RevertResponse>(Json, cancellationToken) ?? new RevertResponse();
                return new RevertAnswer.Reverted(answer.AlreadyReverted, answer.LiveEnvironmentId, 1, 1);
            },
            failure => new RevertAnswer.Unreachable(failure),
            cancellationToken);

    private async Task<TAnswer> SendAsync<TAnswer>(
        Uri router, HttpMethod method, string path, RevertRequest? body,
        Func<HttpResponseMessage, Task<TAnswer>> read, Func<string, TAnswer> fail, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.CurrentValue.RouterTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var client = clients.CreateClient(ClientName);
                using var request = new HttpRequestMessage(method, new Uri(router, path));
                if (body is not null) request.Content = JsonContent.Create(body, options: Json);
                using var response = await client.SendAsync(request, either.Token);
                return await read(response);
            }
            catch (HttpRequestException) when (attempt == 1)
            {
                // A connection kept open may turn out to be dead only when it is used; everything sent here may be repeated.
            }
            catch (Exception failure) when (
                failure is HttpRequestException or JsonException or IOException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                return fail(limit.IsCancellationRequested
                    ? $"{router} did not answer within {options.CurrentValue.RouterTimeout.TotalSeconds:0.###} s"
                    : $"{router}: {failure.Message}");
            }
        }
    }

    private static string Fit(string text, int length)
    {
        if (string.IsNullOrWhiteSpace(text)) return "not given";
        if (text.Length <= length) return text;
        return char.IsHighSurrogate(text[length - 1]) ? text[..(length - 1)] : text[..length];
    }

    private static async Task<string> ExplainAsync(Uri router, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            if (JsonSerializer.Deserialize<ProblemResponse>(text, Json)?.Detail is { Length: > 0 } detail) return detail;
        }
        catch (JsonException)
        {
            // No problem+json: the status must do.
        }

        return $"{router} answered {(int)response.StatusCode}";
    }
}
