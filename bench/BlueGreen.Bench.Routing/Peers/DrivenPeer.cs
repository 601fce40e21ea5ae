using BlueGreen.Bench.Routing.Running;
using BlueGreen.Contracts;

namespace BlueGreen.Bench.Routing.Peers;

/// <summary>Another load balancer, switched by our routers' adapter: ordered, acknowledged and written down as any switch.</summary>
/// <param name="program">What runs; ended with this.</param>
/// <param name="kind">The policy's <c>route.driver.kind</c>.</param>
/// <param name="settings">The policy's <c>route.driver.settings</c>.</param>
/// <param name="cluster">Whose configuration names it.</param>
internal sealed class DrivenPeer(IPeer program, string kind, IReadOnlyDictionary<string, string> settings, RouterCluster cluster) : IPeer
{
    private const int MostTries = 20;
    private readonly List<TrafficSwitched> _receipts = [];
    private readonly string _endpoint = $"behind-{kind}";
    private long _epoch;

    public string Name => $"{kind}_by_us";
    public Uri Address => program.Address;
    public TimeSpan Cpu => program.Cpu;
    public int? Reloads => program.Reloads;

    /// <summary>Of the switches so far.</summary>
    public IReadOnlyList<TrafficSwitched> Receipts => _receipts;

    public static double? MillisecondsOf(TrafficSwitched receipt) => AcknowledgementOf(receipt)?.Milliseconds;

    /// <summary>Takes it over: blue, green and blue again, so that a policy which has yet to reach every router does.</summary>
    public async Task BeginAsync(CancellationToken ct)
    {
        var driver = new TrafficDriver { Kind = kind, Settings = settings };
        await cluster.Bus.PublishAsync(Endpoints.Configured(_endpoint, traffic: new TrafficPolicy { Driver = driver }), ct);
        for (var number = 0; number < MostTries; number++)
        {
            var receipt = await OrderAsync(number % 2 == 0 ? cluster.Blue : cluster.Green, ct);
            if (number >= 2 && number % 2 == 0 && MillisecondsOf(receipt) is not null) return;
        }

        throw new InvalidOperationException($"{kind} does not follow the routers.");
    }

    public async Task SwitchAsync(Uri server, CancellationToken ct) =>
        _receipts.Add(await OrderAsync(server == cluster.Blue.Replicas[0].Address ? cluster.Blue : cluster.Green, ct));

    public ValueTask DisposeAsync() => program.DisposeAsync();

    private async Task<TrafficSwitched> OrderAsync(Fleet fleet, CancellationToken ct)
    {
        var receipt = await cluster.Bus.MustSwitchAsync(_endpoint, _epoch, fleet, ct);
        _epoch = receipt.Epoch;
        return receipt;
    }

    private static RouterAcknowledgement? AcknowledgementOf(TrafficSwitched receipt) =>
        receipt.Acknowledgements.SingleOrDefault(entry => entry.Router.StartsWith("driver:", StringComparison.Ordinal));
}
