using System.Security.Cryptography;
using BlueGreen.Contracts;

namespace BlueGreen.Bench.Routing.Running;

/// <summary>Router replicas as processes on one broker and one database, and two fleets of model servers to switch between.</summary>
internal sealed class RouterCluster : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);
    private readonly List<OwnProcess> _models = [];
    private readonly string _broker;
    private readonly string _folder;
    private readonly (string Key, string Value)[] _settings;

    private RouterCluster(IReadOnlyList<string> databases, string broker, string folder, (string Key, string Value)[] settings)
    {
        (_broker, _folder, _settings) = (broker, folder, settings);
        Routers = databases.Select((database, number) => new RouterReplica($"router-{number + 1}", database)).ToArray();
    }

    public IReadOnlyList<RouterReplica> Routers { get; }
    public string Token { get; } = RandomNumberGenerator.GetHexString(48, lowercase: true);
    public SwitchBus Bus { get; private set; } = null!;
    public Fleet Blue { get; private set; } = null!;
    public Fleet Green { get; private set; } = null!;

    /// <param name="databases">One per replica; the same, or as each of them reaches it.</param>
    /// <param name="broker">AMQP address.</param>
    /// <param name="folder">Data and logs.</param>
    /// <param name="settings">For every router.</param>
    /// <param name="ct">Ends the start.</param>
    public static async Task<RouterCluster> StartAsync(
        IReadOnlyList<string> databases, string broker, string folder, (string Key, string Value)[] settings, CancellationToken ct)
    {
        var cluster = new RouterCluster(databases, broker, folder, settings);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(StartLimit);
            cluster.Bus = await SwitchBus.StartAsync(broker, limit.Token);
            (cluster.Blue, cluster.Green) = (await cluster.ServeAsync("blue", limit.Token), await cluster.ServeAsync("green", limit.Token));
            // The first one creates the tables: the others need not compete for it.
            foreach (var router in cluster.Routers) cluster.Start(router);
            await Task.WhenAll(cluster.Routers.Select(router => router.UntilReadyAsync(limit.Token)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a replica that does not run, on its own disk.</summary>
    public void Start(RouterReplica router) => router.Process = OwnProcess.Serve(
        ServedProgram.Router, router.Name, router.Control, [
            .. PlatformSettings(router.Name, router.Database),
            ("BlueGreen:Router:Name", router.Name), ("BlueGreen:Router:InferenceUrl", router.Inference.AbsoluteUri.TrimEnd('/')),
            ("BlueGreen:Router:BreakGlassToken", Token), .. _settings], _folder);

    public IEnumerable<(string Key, string Value)> PlatformSettings(string name, string database) =>
    [
        ("BlueGreen:Database:Provider", "postgres"), ("BlueGreen:Database:ConnectionString", database),
        ("BlueGreen:Bus:Transport", "rabbitmq"), ("BlueGreen:Bus:Host", _broker),
        ("BlueGreen:DataDirectory", Path.Combine(_folder, "data", name)), ("BlueGreen:Api:Token", Token),
        .. Routers.Select((router, number) => ($"BlueGreen:Services:RouterUrls:{number}", router.Control.AbsoluteUri)),
    ];

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Routers.Select(router => router.DisposeAsync().AsTask()));
        await Task.WhenAll(_models.Select(model => model.DisposeAsync().AsTask()));
        if (Bus is not null) await Bus.DisposeAsync();
    }

    private async Task<Fleet> ServeAsync(string version, CancellationToken ct)
    {
        var address = OwnProcess.Loopback();
        var model = OwnProcess.Serve(ServedProgram.Model, $"model-{version}", address, [], _folder, "--version", version);
        _models.Add(model);
        await model.UntilAnswersAsync(address, ct);
        return new Fleet
        {
            EnvironmentId = Guid.NewGuid(),
            Model = "m",
            Version = version,
            Protocol = "open-inference-v2",
            Replicas = [new Replica { Index = 0, Address = address }],
        };
    }
}

/// <summary>One router process.</summary>
internal sealed class RouterReplica(string name, string database) : IAsyncDisposable
{
    public string Name { get; } = name;
    public string Database { get; } = database;
    public Uri Control { get; } = OwnProcess.Loopback();
    public Uri Inference { get; } = OwnProcess.Loopback();
    public OwnProcess Process { get; set; } = null!;

    public Task UntilReadyAsync(CancellationToken ct) => Process.UntilAnswersAsync(new Uri(Control, "health/ready"), ct);

    public ValueTask DisposeAsync() => Process?.DisposeAsync() ?? ValueTask.CompletedTask;
}
