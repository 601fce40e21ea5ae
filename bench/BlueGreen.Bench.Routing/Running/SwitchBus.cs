using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using MassTransit;

namespace BlueGreen.Bench.Routing.Running;

/// <summary>The orchestrator's end of the bus: orders switches and hears what came of them.</summary>
internal sealed class SwitchBus : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly WebApplication _host;
    private readonly Outcomes _outcomes;

    private SwitchBus(WebApplication host, Outcomes outcomes) => (_host, _outcomes) = (host, outcomes);

    public static async Task<SwitchBus> StartAsync(string broker, CancellationToken ct)
    {
        var outcomes = new Outcomes();
        var host = PlatformHost.Build([], [new ListeningService(outcomes)], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:Bus:Transport"] = "rabbitmq",
                ["BlueGreen:Bus:Host"] = broker,
                ["BlueGreen:Api:Token"] = "a-token-that-nobody-needs",
            });
        });
        await host.StartAsync(ct);
        return new SwitchBus(host, outcomes);
    }

    public async Task PublishAsync<T>(T message, CancellationToken ct) where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        await _host.Services.GetRequiredService<IBus>().Publish(message, limit.Token);
    }

    /// <summary>Orders a switch and waits for its outcome: <see cref="TrafficSwitched"/> or <see cref="SwitchingFailed"/>.</summary>
    public async Task<object> SwitchAsync(string endpoint, long expectedEpoch, Fleet fleet, CancellationToken ct, Guid? deployment = null)
    {
        var id = deployment ?? Guid.NewGuid();
        var outcome = _outcomes.Of(id);
        await PublishAsync(new SwitchTraffic { DeploymentId = id, Attempt = 1, Endpoint = endpoint, ExpectedEpoch = expectedEpoch, Fleet = fleet }, ct);
        return await outcome.WaitAsync(Patience, TimeProvider.System, ct);
    }

    /// <exception cref="InvalidOperationException">The switch failed.</exception>
    public async Task<TrafficSwitched> MustSwitchAsync(string endpoint, long expectedEpoch, Fleet fleet, CancellationToken ct, Guid? deployment = null) =>
        await SwitchAsync(endpoint, expectedEpoch, fleet, ct, deployment) switch
        {
            TrafficSwitched made => made,
            SwitchingFailed failed => throw new InvalidOperationException(failed.Reason),
            _ => throw new InvalidOperationException("Unknown outcome."),
        };

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
    }

    internal sealed class Outcomes
    {
        private readonly ConcurrentDictionary<Guid, TaskCompletionSource<object>> _known = [];

        public Task<object> Of(Guid deployment) => Source(deployment).Task;

        public Task Note(Guid deployment, object outcome)
        {
            Source(deployment).TrySetResult(outcome);
            return Task.CompletedTask;
        }

        private TaskCompletionSource<object> Source(Guid deployment) =>
            _known.GetOrAdd(deployment, _ => new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    internal sealed class OutcomeConsumer(Outcomes outcomes) : IConsumer<TrafficSwitched>, IConsumer<SwitchingFailed>
    {
        public Task Consume(ConsumeContext<TrafficSwitched> context) => outcomes.Note(context.Message.DeploymentId, context.Message);
        public Task Consume(ConsumeContext<SwitchingFailed> context) => outcomes.Note(context.Message.DeploymentId, context.Message);
    }

    private sealed class ListeningService(Outcomes outcomes) : IPlatformService
    {
        public string Name => "bench";
        public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(outcomes);
        public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<OutcomeConsumer>();

        public void MapEndpoints(IEndpointRouteBuilder endpoints)
        {
        }
    }
}
