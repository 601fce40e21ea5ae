using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlueGreen.Platform.Persistence;

/// <summary>
/// A service's own tables and, beside them, its inbox, outbox and work items, so that one transaction covers all of them.
/// PostgreSQL: one schema per service. SQLite, which has no schemas: one prefix per service.
/// </summary>
/// <param name="options">Provider and connection, from <c>AddServiceStore</c>.</param>
/// <param name="service">The service's kebab-case name.</param>
public abstract class ServiceDbContext(DbContextOptions options, string service) : DbContext(options)
{
    /// <summary>The service's name as it may stand in SQL: <c>env_manager</c>.</summary>
    public string Schema { get; } = service.Replace('-', '_');

    internal DbSet<InboxMessage> Inbox => Set<InboxMessage>();
    internal DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();
    internal DbSet<WorkItem> WorkItems => Set<WorkItem>();

    /// <summary>True when this unit of work wrote outbox rows: the dispatcher is woken after the commit.</summary>
    internal bool WroteOutbox { get; set; }

    /// <summary>What this unit of work asks for: it begins after the commit, or not at all.</summary>
    internal List<WorkRequest> Work { get; } = [];

    /// <summary>One transaction, one fate: a failed write ends it, so there is nothing to keep a savepoint for.</summary>
    internal Task<IDbContextTransaction> BeginAsync(CancellationToken cancellationToken)
    {
        Database.AutoSavepointsEnabled = false;
        return Database.BeginTransactionAsync(cancellationToken);
    }

    public override void Dispose()
    {
        Abandon();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    public override ValueTask DisposeAsync()
    {
        Abandon();
        GC.SuppressFinalize(this);
        return base.DisposeAsync();
    }

    private void Abandon()
    {
        foreach (var request in Work) request.Abandon();
        Work.Clear();
    }

    /// <summary>Configures the service's own entities; name tables in plural snake_case with <c>ToTable</c>.</summary>
    protected abstract void OnServiceModelCreating(ModelBuilder modelBuilder);

    protected sealed override void OnModelCreating(ModelBuilder modelBuilder)
    {
        OnServiceModelCreating(modelBuilder);
        modelBuilder.ApplyConfiguration(new InboxMessage.Mapping());
        modelBuilder.ApplyConfiguration(new OutboxMessage.Mapping());
        modelBuilder.ApplyConfiguration(new WorkItem.Mapping());
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            if (Database.IsNpgsql()) entity.SetSchema(Schema);
            else entity.SetTableName($"{Schema}_{entity.GetTableName()}");
        }
    }

    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        if (Database.IsNpgsql()) configurationBuilder.Properties<DateTimeOffset>().HaveConversion<ToUniversalTime>();
        else configurationBuilder.Properties<DateTimeOffset>().HaveConversion<ToUtcText>();
    }

    /// <summary>Npgsql refuses offsets other than zero.</summary>
    private sealed class ToUniversalTime()
        : ValueConverter<DateTimeOffset, DateTimeOffset>(time => time.ToUniversalTime(), time => time);

    /// <summary>SQLite compares text: ISO 8601 in UTC sorts as time does; a DateTimeOffset would not be comparable at all.</summary>
    private sealed class ToUtcText() : ValueConverter<DateTimeOffset, DateTime>(
        time => time.UtcDateTime, time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)));
}
