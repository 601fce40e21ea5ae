using System.Collections.Concurrent;
using System.Globalization;
using BlueGreen.Bench.Routing.Running;

namespace BlueGreen.Bench.Routing.Traffic;

/// <summary>
/// Clients that send at a set rate whatever becomes of their requests, spread over all addresses; late requests are sent at once, so that a
/// stall shows. Each writes down what it saw.
/// </summary>
internal sealed class OpenTraffic : IAsyncDisposable
{
    private const int ClientsPerAddress = 8;
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5) })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };

    private readonly ConcurrentQueue<ClientAnswer> _answers = new();
    private readonly Task[] _clients;
    private static readonly byte[] Body = System.Text.Encoding.UTF8.GetBytes(
        """{"inputs":[{"name":"x","datatype":"FP64","shape":[1,8],"data":[0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8]}]}""");

    private volatile string _path;

    /// <param name="addresses">Where to.</param>
    /// <param name="path">With a leading slash; may be changed later.</param>
    /// <param name="rate">Requests per second over all addresses.</param>
    public OpenTraffic(IReadOnlyList<Uri> addresses, string path, int rate)
    {
        _path = path;
        var pause = TimeSpan.FromSeconds((double)ClientsPerAddress * addresses.Count / rate);
        _clients = [.. addresses.SelectMany(address => Enumerable.Range(0, ClientsPerAddress).Select(_ => Task.Run(() => RunAsync(address, pause))))];
    }

    public string Path
    {
        set => _path = value;
    }

    public int Count => _answers.Count;

    /// <summary>What came last, if it has not been taken.</summary>
    public ClientAnswer? Newest => _answers.LastOrDefault() is { Sent: > 0 } last ? last : null;

    /// <summary>Takes what has been written down so far.</summary>
    public List<ClientAnswer> Take()
    {
        var taken = new List<ClientAnswer>(_answers.Count);
        while (_answers.TryDequeue(out var answer)) taken.Add(answer);
        return taken;
    }

    /// <summary>Returns when so many more answers have come.</summary>
    public async Task MoreAsync(int count, CancellationToken ct)
    {
        var until = _answers.Count + count;
        while (_answers.Count < until) await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, ct);
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(Uri address, TimeSpan pause)
    {
        var time = TimeProvider.System;
        // Not all at once.
        var next = time.GetTimestamp() + (long)(Random.Shared.NextDouble() * pause.TotalSeconds * time.TimestampFrequency);
        var step = (long)(pause.TotalSeconds * time.TimestampFrequency);
        while (!_stop.IsCancellationRequested)
        {
            var wait = time.GetElapsedTime(time.GetTimestamp(), next);
            if (wait > TimeSpan.FromMilliseconds(1)) await Task.Delay(wait, time).ConfigureAwait(false);
            next += step;
            _answers.Enqueue(await AskAsync(address, time));
        }
    }

    private async Task<ClientAnswer> AskAsync(Uri address, TimeProvider time)
    {
        var sent = time.GetTimestamp();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, _path)) { Content = new ByteArrayContent(Body) };
            request.Content.Headers.ContentType = new("application/json");
            using var answer = await _http.SendAsync(request);
            return new ClientAnswer(
                sent, time.GetTimestamp(), (int)answer.StatusCode, One(answer, ModelProgram.VersionHeader),
                long.TryParse(One(answer, "X-BlueGreen-Epoch"), CultureInfo.InvariantCulture, out var epoch) ? epoch : -1, address);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or IOException)
        {
            return new ClientAnswer(sent, time.GetTimestamp(), 0, null, -1, address);
        }
    }

    private static string? One(HttpResponseMessage answer, string header) =>
        answer.Headers.TryGetValues(header, out var values) ? values.FirstOrDefault() : null;
}
