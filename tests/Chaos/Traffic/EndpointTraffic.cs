using System.Text;
using BlueGreen.Chaos.Serving;
using BlueGreen.Demo.Load;

namespace BlueGreen.Chaos.Traffic;

/// <summary>Keeps requests flowing to one endpoint, whatever becomes of them, and remembers every answer.</summary>
internal sealed class EndpointTraffic : IAsyncDisposable
{
    private static readonly IReadOnlyList<byte[]> Payloads =
        [Encoding.UTF8.GetBytes("""{"inputs":[{"name":"x","datatype":"FP64","shape":[1,1],"data":[0]}]}""")];

    private readonly List<RequestRecord> _records = [];
    private readonly HttpClient _http = InferenceSender.CreateClient();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;

    public EndpointTraffic(Uri inference, string endpoint, double rate, int seed, RunClock clock)
    {
        Endpoint = endpoint;
        _http.DefaultRequestHeaders.Add(StubModelServer.ClientHeader, endpoint);
        var sender = new InferenceSender(_http, new Uri(inference, $"{endpoint}/v2/models/{endpoint}/infer"), Payloads, clock);
        var generator = new OpenLoopGenerator(sender, clock, Add);
        _sending = generator.RunAsync(new PoissonSchedule(rate, seed).Next, _stop.Token);
    }

    public string Endpoint { get; }

    /// <summary>Every request that has ended so far, in the order they were sent.</summary>
    public IReadOnlyList<RequestRecord> Records
    {
        get
        {
            lock (_records) return [.. _records.OrderBy(record => record.Sent)];
        }
    }

    /// <summary>Sends no more, and waits for what is under way.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _sending;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    private void Add(RequestRecord record)
    {
        lock (_records) _records.Add(record);
    }
}
