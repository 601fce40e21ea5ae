using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace BlueGreen.Compose.Tests;

/// <summary>What an operator and an alerting system do from outside, over the published ports.</summary>
internal sealed class Operator(ComposeStack stack) : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Ports of the seven control surfaces.</summary>
    private static IEnumerable<int> Controls => Enumerable.Range(8081, 7);

    /// <summary>Waits until every service says that it is ready.</summary>
    public Task AllReadyAsync(CancellationToken ct) => UntilAsync("every service is ready", async () =>
    {
        foreach (var port in Controls)
        {
            using var answer = await _http.GetAsync(new Uri(stack.Port(port), "health/ready"), ct);
            if (!answer.IsSuccessStatusCode) return false;
        }

        return true;
    }, ct);

    /// <summary>Waits until the seeded endpoint can be promoted to.</summary>
    public Task EndpointExistsAsync(CancellationToken ct) => UntilAsync("the seeded endpoint exists", async () =>
    {
        using var answer = await SendAsync(HttpMethod.Get, new Uri(stack.Port(8081), "api/v1/endpoints/fraud"), stack.OperatorToken, null, ct);
        return answer.IsSuccessStatusCode;
    }, ct);

    /// <summary>Waits until the deployment is in one of the states, or has ended otherwise.</summary>
    public async Task<string> StateAsync(Guid deployment, string[] states, CancellationToken ct)
    {
        var (state, ended, shown) = ("unknown", false, "");
        await UntilAsync($"the deployment is {string.Join(" or ", states)}", async () =>
        {
            var address = new Uri(stack.Port(8081), $"api/v1/deployments/{deployment}");
            using var answer = await SendAsync(HttpMethod.Get, address, stack.OperatorToken, null, ct);
            if (!answer.IsSuccessStatusCode) return false;
            var view = JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync(ct));
            (state, shown) = (view.GetProperty("state").GetString()!, view.GetRawText());
            ended = view.TryGetProperty("endedAt", out var at) && at.ValueKind == JsonValueKind.String;
            return ended || states.Contains(state);
        }, ct);
        Assert.True(states.Contains(state), $"It is not {string.Join(" or ", states)}: {shown}");
        return state;
    }

    /// <summary>A firing Alertmanager notification about the endpoint.</summary>
    public Task AlarmAsync(CancellationToken ct) => UntilAsync("the alarm is taken", async () =>
    {
        var alert = new
        {
            status = "firing",
            labels = new { alertname = "FraudAlarm", endpoint = "fraud" },
            annotations = new { summary = "compose test" },
            startsAt = TimeProvider.System.GetUtcNow(),
            fingerprint = "c0ffee",
        };
        var body = new { version = "4", groupKey = "{}:{alertname=\"FraudAlarm\"}", status = "firing", receiver = "bluegreen", alerts = new[] { alert } };
        var address = new Uri(stack.Port(8083), "alarms/alertmanager");
        using var answer = await SendAsync(HttpMethod.Post, address, stack.AlarmToken, body, ct);
        return answer.IsSuccessStatusCode;
    }, ct);

    /// <summary>Polls until it holds; a service that cannot be reached is a "no".</summary>
    /// <exception cref="OperationCanceledException">The test's time is up; the message says for what.</exception>
    public static async Task UntilAsync(string what, Func<Task<bool>> holds, CancellationToken ct)
    {
        while (!await HoldsAsync(holds))
        {
            if (ct.IsCancellationRequested) throw new OperationCanceledException($"Waited in vain until {what}.", ct);
            await Task.Delay(Poll, TimeProvider.System, CancellationToken.None);
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<bool> HoldsAsync(Func<Task<bool>> holds)
    {
        try
        {
            return await holds();
        }
        catch (Exception silence) when (silence is HttpRequestException or IOException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, Uri address, string token, object? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null) request.Content = JsonContent.Create(body);
        return await _http.SendAsync(request, ct);
    }
}
