using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Waiting;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Playing;

/// <summary>Operators: decide about a deployment that waits for them, and ask again until they are heard.</summary>
internal sealed class Operators(PlatformProcesses platform, StateFeed states, Poison poison, Waits waits, Action<string> say, TimeProvider time)
    : IDisposable
{
    private const string Awaiting = "AwaitingApproval", Held = "Held", Faulted = "Faulted";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(300);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>Attends to a deployment until it has ended or the token is cancelled.</summary>
    /// <param name="step">Its promotion.</param>
    /// <param name="free">Ends when a decision may be made about a state: there is a fault that must strike in it first.</param>
    /// <param name="ct">Ends the attention in good order.</param>
    public async Task AttendAsync(PromotionStep step, Func<string, CancellationToken, Task> free, CancellationToken ct)
    {
        while (await states.NextOfAsync(step.Version, [Awaiting, Held, Faulted], ct) is (var id, var state))
        {
            await free(state, ct);
            await Task.Delay(step.DecisionAfter, time, ct);
            if (state == Faulted && step.IsPoisoned) await poison.CureAsync(step.Version, ct);
            var path = Path(state, step.Decision);
            await waits.ForAsync($"the answer to {path} of {step.Version}", Limit, token => InsistAsync(id, state, path, step.Version, token), ct);
            // What was acknowledged is carried out, or something faster was.
            await waits.ForAsync($"{step.Version} to leave {state} after {path}", Limit, token => states.LeftAsync(id, state, token), ct);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Path(string state, OperatorDecision decision) => (state, decision) switch
    {
        (Faulted, OperatorDecision.GoOn) => "replay",
        (Faulted, _) => "cancel",
        (_, OperatorDecision.GoOn) => "approve",
        (Awaiting, _) => "reject",
        _ => "rollback",
    };

    private async Task InsistAsync(Guid id, string state, string path, string version, CancellationToken ct)
    {
        while (states.StateOf(id) == state && !await TryAsync(id, path, version, ct)) await Task.Delay(Retry, time, ct);
    }

    private async Task<bool> TryAsync(Guid id, string path, string version, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.Control, $"api/v1/deployments/{id}/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", platform.Secrets.OperatorToken);
        request.Content = JsonContent.Create(new { requestedBy = "chaos-operator", reason = $"{path} of {version}" });
        try
        {
            using var answer = await _http.SendAsync(request, ct);
            if (answer.IsSuccessStatusCode) say($"{version}: {path} acknowledged");
            // 409: something else came first, and the deployment is about to say what.
            return answer.IsSuccessStatusCode || (answer.StatusCode != HttpStatusCode.Conflict && (int)answer.StatusCode < 500
                ? throw new ChaosException($"{path} of {version} was refused ({(int)answer.StatusCode}): {await answer.Content.ReadAsStringAsync(ct)}")
                : false);
        }
        catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
