using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Outages.Tests;

/// <summary>A client of an endpoint, and the alerting system that watches it.</summary>
internal sealed class Client(PlatformProcesses platform, string endpoint) : IDisposable
{
    private const string Payload = """{"inputs":[{"name":"x","datatype":"FP64","shape":[1,1],"data":[0]}]}""";
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly DateTimeOffset _startsAt = TimeProvider.System.GetUtcNow();

    /// <summary>The version that answers one request sent to a router.</summary>
    public async Task<string> AskAsync(Uri inference, CancellationToken ct)
    {
        using var content = new StringContent(Payload, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri(inference, $"{endpoint}/v2/models/{endpoint}/infer"), content, ct);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("X-BlueGreen-Model-Version").Single();
    }

    /// <summary>Posts the alarm and asks all the while.</summary>
    /// <returns>From the alarm's first byte to the first answer by <paramref name="blue"/>, and the answer to the alarm.</returns>
    public async Task<(TimeSpan Back, int Status)> RaiseAsync(Uri inference, string blue, CancellationToken ct)
    {
        var begin = TimeProvider.System.GetTimestamp();
        var alarm = PostAlarmAsync(ct);
        while (await AskAsync(inference, ct) != blue) await Task.Delay(Poll, TimeProvider.System, ct);
        var back = TimeProvider.System.GetElapsedTime(begin);
        return (back, await alarm);
    }

    /// <summary>Posts the alarm, as it would be repeated.</summary>
    /// <returns>HTTP status.</returns>
    public async Task<int> PostAlarmAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(platform.Alarms, "alarms/generic"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", platform.Secrets.AlarmToken);
        request.Content = JsonContent.Create(new
        {
            name = "outage",
            status = "firing",
            labels = new { endpoint },
            startsAt = _startsAt,
            reason = "test",
        });
        using var answer = await _http.SendAsync(request, ct);
        return (int)answer.StatusCode;
    }

    public void Dispose() => _http.Dispose();
}
