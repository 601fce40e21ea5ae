using BlueGreen.Orchestrator.Blobs;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.Faults;
using BlueGreen.Orchestrator.History;
using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Persistence;

/// <summary>Deployments, endpoints with their policies and slots, blobs, history.</summary>
internal sealed class OrchestratorDbContext(DbContextOptions<OrchestratorDbContext> options)
    : ServiceDbContext(options, OrchestratorService.ServiceName)
{
    public DbSet<Deployment> Deployments => Set<Deployment>();
    public DbSet<EndpointRow> Endpoints => Set<EndpointRow>();
    public DbSet<BlobRow> Blobs => Set<BlobRow>();
    public DbSet<HistoryRow> History => Set<HistoryRow>();
    public DbSet<FaultRow> Faults => Set<FaultRow>();

    /// <summary>Loads the endpoint for change; on PostgreSQL its row stays locked until the transaction ends.</summary>
    public async Task<EndpointRow?> LockEndpointAsync(string name, CancellationToken cancellationToken)
    {
        var local = Endpoints.Local.FirstOrDefault(endpoint => endpoint.Name == name);
        if (local is not null) return local;
        if (!Database.IsNpgsql()) return await Endpoints.SingleOrDefaultAsync(endpoint => endpoint.Name == name, cancellationToken);
        var sql = $"SELECT * FROM \"{Schema}\".endpoints WHERE name = {{0}} FOR UPDATE";
        return (await Endpoints.FromSqlRaw(sql, name).ToListAsync(cancellationToken)).SingleOrDefault();
    }

    /// <summary>Loads the fault for change; on PostgreSQL its row stays locked until the transaction ends.</summary>
    public async Task<FaultRow?> LockFaultAsync(Guid id, CancellationToken cancellationToken)
    {
        if (!Database.IsNpgsql()) return await Faults.SingleOrDefaultAsync(fault => fault.Id == id, cancellationToken);
        var sql = $"SELECT * FROM \"{Schema}\".faults WHERE id = {{0}} FOR UPDATE";
        return (await Faults.FromSqlRaw(sql, id).ToListAsync(cancellationToken)).SingleOrDefault();
    }

    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new DeploymentMapping());
        modelBuilder.ApplyConfiguration(new EndpointRow.Mapping());
        modelBuilder.ApplyConfiguration(new BlobRow.Mapping());
        modelBuilder.ApplyConfiguration(new HistoryRow.Mapping());
        modelBuilder.ApplyConfiguration(new FaultRow.Mapping());
    }
}
