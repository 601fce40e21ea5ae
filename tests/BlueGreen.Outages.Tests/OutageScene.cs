using BlueGreen.Chaos.Playing;
using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Serving;
using BlueGreen.Chaos.Taps;
using BlueGreen.Chaos.Traffic;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Load;
using BlueGreen.Testing.Containers;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Outages.Tests;

/// <summary>
/// The services as processes, two routers among them, with one endpoint per test whose second version has just been switched to and is
/// being retained: the moment before an alarm.
/// </summary>
public sealed class OutageScene(PostgreSqlServer postgres, RabbitMqServer rabbit) : IAsyncLifetime
{
    /// <summary>One endpoint per test: what one breaks is not the other's.</summary>
    internal const string Bus = "bus", Saga = "saga", Store = "store", Replica = "replica";
    private const double RequestsPerSecond = 20;
    private static readonly string[] Endpoints = [Bus, Saga, Store, Replica];
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly RunFolder _folder = new(chosen: null);
    private readonly RunClock _clock = new(TimeProvider.System);
    private readonly List<EndpointTraffic> _traffic = [];
    private StateFeed? _states;
    private Registry? _registry;

    internal PlatformProcesses Platform { get; private set; } = null!;
    internal MessageTap Tap { get; private set; } = null!;
    internal PostgreSqlServer Database => postgres;
    internal RabbitMqServer Broker => rabbit;

    /// <summary>Starts the platform and takes every endpoint to its second version.</summary>
    public async ValueTask InitializeAsync()
    {
        if (ContainerEngine.SkipReason is not null) return;
        var ct = TestContext.Current.CancellationToken;
        var backends = new ServiceBackends(await postgres.CreateDatabaseAsync("outages", ct), await rabbit.CreateVirtualHostAsync("outages", ct));
        Platform = new PlatformProcesses(
            Installation.Find(), _folder, TimeProvider.System, _ => backends, new Dictionary<string, string>(), secondRouter: true);
        foreach (var name in Platform.Names) Platform.Start(name);
        foreach (var name in Platform.Names) await Platform.UntilReadyAsync(name, StartLimit, ct);
        var policies = new EndpointPolicies(Platform, Installation.Find());
        foreach (var endpoint in Endpoints) await policies.ApplyAsync(endpoint, ct, retention: "8m", PolicyKind.Patient);
        _states = new StateFeed(backends.Database, TimeProvider.System);
        await _states.StartAsync(ct);
        using (var management = new BrokerManagement(rabbit, backends.Broker))
            Tap = await MessageTap.OpenAsync(backends.Broker, await management.MessageExchangesAsync(ct), ct);
        _registry = new Registry(Platform, _folder.Root, TimeProvider.System);
        foreach (var endpoint in Endpoints)
            _traffic.Add(new EndpointTraffic(Platform.Inference, endpoint, RequestsPerSecond, seed: 1, _clock));
        await ReleaseAsync(1, "Committed", ct);
        await ReleaseAsync(2, "Retaining", ct);
    }

    /// <summary>The version of an endpoint that is live when the alarm comes, and the one before it.</summary>
    internal static (string Green, string Blue) VersionsOf(string endpoint) => (Version(endpoint, 2), Version(endpoint, 1));

    internal Guid DeploymentOf(string endpoint) =>
        _registry!.Acknowledged.Single(promotion => promotion.Version == Version(endpoint, 2)).DeploymentId;

    /// <summary>Waits until the endpoint's second deployment has come to a state.</summary>
    internal Task<bool> ReachesAsync(string endpoint, string state, CancellationToken ct) =>
        _states!.WaitAsync(state, Version(endpoint, 2), Patience, ct);

    public async ValueTask DisposeAsync()
    {
        if (Platform is null) return;
        foreach (var traffic in _traffic) await traffic.DisposeAsync();
        if (_states is not null) await _states.DisposeAsync();
        if (Tap is not null) await Tap.DisposeAsync();
        _registry?.Dispose();
        await Platform.DisposeAsync();
        new Leftovers(_folder.RunId, _folder.Root).End();
        _folder.RemoveIfOurs();
    }

    private async Task ReleaseAsync(int number, string until, CancellationToken ct)
    {
        foreach (var endpoint in Endpoints)
        {
            await _registry!.PromoteAsync(
                new PromotionStep(TimeSpan.Zero, TimeSpan.Zero, endpoint, Version(endpoint, number), ReleaseKind.Good, null, TimeSpan.Zero), ct);
        }

        foreach (var endpoint in Endpoints)
        {
            var reached = await _states!.MeetAsync(until, Version(endpoint, number), Patience, ct) && _states.IsIn(until, Version(endpoint, number));
            if (!reached) throw new TimeoutException($"{Version(endpoint, number)} should be {until}, but {_states}.\n{LastWords()}");
        }
    }

    private string LastWords() => string.Join('\n', Platform.Names.Select(name => $"{name}:\n{Platform.LastLines(name, 8)}"));

    private static string Version(string endpoint, int number) => $"{endpoint}-v{number}";
}
