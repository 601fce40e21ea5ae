using System.Net;
using System.Text;

namespace BlueGreen.Compose.Tests;

/// <summary>The endpoint's clients: steady requests, and what was answered last.</summary>
internal sealed class Clients(Uri inference, string payload) : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(40);
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    /// <summary>One request.</summary>
    /// <returns>The model version that answered; null when none did.</returns>
    public async Task<string?> AskAsync(CancellationToken ct)
    {
        try
        {
            using var content = new StringContent(payload, Encoding.UTF8, "application/json");
            using var answer = await _http.PostAsync(new Uri(inference, "fraud/v2/models/fraud/infer"), content, ct);
            return answer.StatusCode == HttpStatusCode.OK ? answer.Headers.GetValues("X-BlueGreen-Model-Version").Single() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Sends until disposed.</summary>
    public void Start() => _running = Task.Run(async () =>
    {
        while (!_stop.IsCancellationRequested)
        {
            await AskAsync(CancellationToken.None);
            await Task.Delay(Pace, TimeProvider.System, CancellationToken.None);
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _http.Dispose();
    }
}
