using System.Reflection;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Policies;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>A deadline that was set: still running until it is cancelled.</summary>
internal sealed record Timer(Guid Token, DeadlineExpired Message, TimeSpan Wait)
{
    public bool Cancelled { get; set; }
    public bool Fired { get; set; }
    public bool IsSet => !Cancelled && !Fired;
}

/// <summary>
/// The shipped state machine with its rows in memory. Messages go in, what it publishes and which deadlines it sets come out; the endpoint's
/// row, and with it the slot, is the real one, tracked and never saved.
/// </summary>
internal sealed class SagaDriver : IConsumeTransaction, IDisposable
{
    private static readonly DeploymentStateMachine Machine = new();
    private static readonly DbContextOptions<OrchestratorDbContext> Options =
        new DbContextOptionsBuilder<OrchestratorDbContext>().UseSqlite("Data Source=:memory:").Options;

    private static readonly Dictionary<Type, Event> Events = Machine.Events
        .Where(known => known.GetType().IsGenericType && known.Name != Machine.Deadline.Received.Name)
        .ToDictionary(known => known.GetType().GetGenericArguments().Last());

    private static readonly Dictionary<Type, MethodInfo> Raises = Events.Keys.ToDictionary(
        contract => contract,
        contract => typeof(SagaDriver).GetMethod(nameof(Raise), BindingFlags.NonPublic | BindingFlags.Instance)!.MakeGenericMethod(contract));

    private readonly OrchestratorDbContext _db = new(Options);
    private readonly Stopwatch _clock = new();
    private List<IDeploymentMessage> _published = [];

    public SagaDriver(EndpointPolicy policy, Fleet? live)
    {
        _db.ChangeTracker.AutoDetectChangesEnabled = false;
        Scheduler = DrivenContext.Stand<MessageSchedulerContext>(this);
        Received = DrivenContext.Stand<ReceiveContext>(this);
        Publisher = DrivenContext.Stand<IPublishEndpointProvider>(this);
        Sender = DrivenContext.Stand<ISendEndpoint>(this);
        var json = PolicyJson.Write(policy);
        Endpoint = new EndpointRow
        {
            Name = policy.Name,
            PolicyText = json,
            PolicyJson = json,
            PolicyHash = "hash",
            Revision = 1,
            Path = policy.Route.Path,
            UpdatedAt = Now,
            Epoch = live is null ? 0 : 1,
        };
        if (live is not null) Endpoint.SetLive(live, Guid.Empty);
        _db.Attach(Endpoint);
    }

    public static IReadOnlyList<string> States { get; } =
        [.. Machine.States.Select(state => state.Name).Where(name => name is not ("Initial" or "Final"))];

    public static IReadOnlyCollection<Type> Messages => Events.Keys;

    public EndpointRow Endpoint { get; }
    public Dictionary<Guid, Deployment> Sagas { get; } = [];
    public List<Timer> Timers { get; } = [];
    public MessageSchedulerContext Scheduler { get; }
    public ReceiveContext Received { get; }
    public IPublishEndpointProvider Publisher { get; }
    public ISendEndpoint Sender { get; }
    public ServiceDbContext Db => _db;
    public TimeProvider Clock => _clock;
    public DateTimeOffset Now => _clock.GetUtcNow();

    public void Advance(TimeSpan time) => _clock.Advance(time);

    /// <summary>Delivers one message as the saga's queue would: a promotion may start a saga, anything else needs one.</summary>
    /// <returns>What was published.</returns>
    public IReadOnlyList<IDeploymentMessage> Deliver(object message, Guid deployment, Guid? token = null)
    {
        _published = [];
        if (!Sagas.TryGetValue(deployment, out var saga))
        {
            if (message is not ModelPromoted) return [];
            Sagas[deployment] = saga = new Deployment { CorrelationId = deployment };
            _db.Attach(saga);
        }

        var contract = message.GetType().GetInterfaces().FirstOrDefault(type => Events.ContainsKey(type)) ?? message.GetType();
        Raises[contract].Invoke(this, [message, saga, token]);
        return _published;
    }

    public void Dispose() => _db.Dispose();

    public Task Published(IDeploymentMessage message)
    {
        _published.Add(message);
        return Task.CompletedTask;
    }

    public Guid Set(DeadlineExpired message, TimeSpan wait)
    {
        Timers.Add(new Timer(Guid.NewGuid(), message, wait));
        return Timers[^1].Token;
    }

    public Task Cancel(Guid token)
    {
        Timers.Single(timer => timer.Token == token).Cancelled = true;
        return Task.CompletedTask;
    }

    private void Raise<T>(T message, Deployment saga, Guid? token) where T : class
    {
        var context = DrivenContext.Create(this, saga, message, token);
        var step = new MassTransitStateMachine<Deployment>.BehaviorContextProxy<T>(Machine, context, context, (Event<T>)Events[typeof(T)]);
        var raised = ((StateMachine<Deployment>)Machine).RaiseEvent(step);
        // Nothing here waits for anything: what is not done now never will be.
        Assert.True(raised.IsCompleted);
        raised.GetAwaiter().GetResult();
    }

    private sealed class Stopwatch : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Advance(TimeSpan time) => _now += time;
    }
}
