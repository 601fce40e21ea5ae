using BlueGreen.EnvManager.Drivers;
using BlueGreen.EnvManager.Environments;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.EnvManager.Persistence;

/// <summary>Env-manager's tables.</summary>
internal sealed class EnvManagerDbContext(DbContextOptions<EnvManagerDbContext> options)
    : ServiceDbContext(options, EnvManagerService.ServiceName)
{
    public DbSet<ServingEnvironment> Environments => Set<ServingEnvironment>();
    public DbSet<ServingReplica> Replicas => Set<ServingReplica>();
    public DbSet<EndpointRoute> Routes => Set<EndpointRoute>();

    /// <summary>What the routes want of the environment.</summary>
    public async Task<EnvironmentRole> RoleOfAsync(Guid environmentId, CancellationToken cancellationToken)
    {
        var route = await Routes.FirstOrDefaultAsync(
            row => row.LiveEnvironmentId == environmentId || row.StandbyEnvironmentId == environmentId, cancellationToken);
        return route?.RoleOf(environmentId) ?? EnvironmentRole.None;
    }

    /// <summary>Writes down where a replica runs now.</summary>
    public async Task<ServingReplica> RecordAsync(RunningReplica running, bool ready, CancellationToken cancellationToken)
    {
        var row = await Replicas.FindAsync([running.EnvironmentId, running.Index], cancellationToken);
        if (row is null)
        {
            row = new ServingReplica
            {
                EnvironmentId = running.EnvironmentId,
                Index = running.Index,
                Port = running.Port,
                ProcessId = running.ProcessId,
                Ready = ready,
            };
            Replicas.Add(row);
        }

        (row.Port, row.ProcessId, row.Ready) = (running.Port, running.ProcessId, ready);
        return row;
    }

    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<ServingEnvironment>(table =>
        {
            table.ToTable("environments");
            table.Property(row => row.State).HasConversion<string>();
            table.Property(row => row.UnservedTtl).HasConversion<long>();
            table.Property(row => row.Revision).IsConcurrencyToken();
            table.HasIndex(row => row.ExpiresAt);
        });
        modelBuilder.Entity<ServingReplica>(table =>
        {
            table.ToTable("replicas");
            table.HasKey(row => new { row.EnvironmentId, row.Index });
        });
        modelBuilder.Entity<EndpointRoute>(table =>
        {
            table.ToTable("routes");
            table.HasKey(row => row.Endpoint);
        });
    }
}
