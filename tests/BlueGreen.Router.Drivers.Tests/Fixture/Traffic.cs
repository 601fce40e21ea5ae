using System.Collections.Concurrent;
using System.Text.Json;

namespace BlueGreen.Router.Drivers.Tests.Fixture;

/// <summary>Clients that ask a load balancer without a pause.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Clients = 4;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http;
    private readonly Task[] _clients;
    private int _answered;
    private int _retried;
    private volatile string _last = "";

    public Traffic(Uri address)
    {
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _clients = [.. Enumerable.Range(0, Clients).Select(_ => Task.Run(AskAsync))];
    }

    public ConcurrentQueue<string> Failures { get; } = [];
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>
    /// Requests that were sent on a kept connection as it was being closed, and were not answered at all: what may be repeated, clients repeat once
    /// (RFC 9110, 9.2.2).
    /// </summary>
    public int Retried => Volatile.Read(ref _retried);

    /// <summary>Waits until so many more were answered, and the last of them by this version.</summary>
    public Task MoreAsync(int count, string version)
    {
        var from = Answered;
        return Until.TrueAsync(
            () => Task.FromResult(Answered >= from + count && _last == version),
            () => $"{Answered - from} more answers, the last by '{_last}' instead of '{version}'; failures: {string.Join("; ", Failures.Take(5))}");
    }

    /// <summary>One answer of its own, on a connection that is already known.</summary>
    public async Task<string> OnceAsync() => await VersionAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task AskAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _last = await VersionOrAgainAsync(_stop.Token);
                Interlocked.Increment(ref _answered);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Failures.Enqueue(exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private async Task<string> VersionOrAgainAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await VersionAsync(cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.StatusCode is null && exception.InnerException is IOException)
        {
            Interlocked.Increment(ref _retried);
            return await VersionAsync(cancellationToken);
        }
    }

    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync("v2/models/fraud", cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode) throw new HttpRequestException($"{(int)answer.StatusCode} {text}");
        using var body = JsonDocument.Parse(text);
        return body.RootElement.GetProperty("model_version").GetString()!;
    }
}
