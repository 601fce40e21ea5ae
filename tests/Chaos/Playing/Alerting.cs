using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BlueGreen.Chaos.Evidence;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Playing;

/// <summary>An alerting system: posts an alarm until it is accepted.</summary>
internal sealed class Alerting(PlatformProcesses platform, RunClock clock) : IDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };

    public ConcurrentQueue<AcknowledgedAlarm> Acknowledged { get; } = [];

    public async Task RaiseAsync(string name, string endpoint, CancellationToken ct)
    {
        var startsAt = clock.Time.GetUtcNow();
        while (true)
        {
            if (await TryPostAsync(name, endpoint, startsAt, ct) is { } accepted)
            {
                Acknowledged.Enqueue(accepted);
                return;
            }

            await Task.Delay(Retry, clock.Time, ct);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<AcknowledgedAlarm?> TryPostAsync(string name, string endpoint, DateTimeOffset startsAt, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.Alarms, "alarms/generic"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", platform.Secrets.AlarmToken);
        request.Content = JsonContent.Create(new { name, status = "firing", labels = new { endpoint }, startsAt, reason = "chaos" });
        try
        {
            using var answer = await _http.SendAsync(request, ct);
            var text = await answer.Content.ReadAsStringAsync(ct);
            if (answer.StatusCode == HttpStatusCode.Accepted) return new AcknowledgedAlarm(name, clock.Now, Reverted(JsonElement.Parse(text)));
            return (int)answer.StatusCode >= 500
                ? null
                : throw new ChaosException($"The alarm {name} was refused ({(int)answer.StatusCode}): {text}");
        }
        catch (Exception away) when (away is HttpRequestException or IOException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static Guid? Reverted(JsonElement answer) => answer.GetProperty("decisions").EnumerateArray()
        .Where(decision => decision.GetProperty("reverted").GetBoolean()
            || decision.GetProperty("decision").GetString()!.StartsWith("already reverted", StringComparison.Ordinal))
        .Select(decision => (Guid?)decision.GetProperty("deploymentId").GetGuid())
        .FirstOrDefault();
}
