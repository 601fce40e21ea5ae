using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Platform.Persistence;

namespace BlueGreen.Platform.Work;

/// <summary>How one kind of work is done: the bridge from a stored row to a typed handler.</summary>
internal sealed class WorkKind<TDb>(string name, int concurrency, Func<IServiceProvider, string, IWorkRun> open) where TDb : ServiceDbContext
{
    private bool _hasBacklog;

    public string Name => name;

    /// <summary>Free places for this kind in this process.</summary>
    public SemaphoreSlim Places { get; } = new(concurrency, concurrency);

    /// <summary>There may be items that found no free place.</summary>
    public bool HasBacklog
    {
        get => Volatile.Read(ref _hasBacklog);
        set => Volatile.Write(ref _hasBacklog, value);
    }

    /// <summary>Resolves the handler in the given scope for the stored command.</summary>
    public IWorkRun Open(IServiceProvider services, string command) => open(services, command);
}

/// <summary>A handler with its command, types erased.</summary>
internal interface IWorkRun
{
    Task<WorkOutcome> RunAsync(IWorkLease lease, CancellationToken cancellationToken);
    WorkOutcome GiveUp(string reason);
}

/// <inheritdoc/>
internal sealed class WorkRun<TCommand>(IWorkHandler<TCommand> handler, TCommand command) : IWorkRun where TCommand : class
{
    public Task<WorkOutcome> RunAsync(IWorkLease lease, CancellationToken cancellationToken) =>
        handler.RunAsync(command, lease, cancellationToken);

    public WorkOutcome GiveUp(string reason) => handler.GiveUp(command, reason);
}

/// <summary>Names and wire format of stored work.</summary>
internal static class WorkKind
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals | JsonNumberHandling.AllowReadingFromString,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Of<TCommand>() => typeof(TCommand).Name;
}
