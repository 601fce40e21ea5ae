using BlueGreen.Platform.Persistence;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Rules;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Rollback.Persistence;

/// <summary>Alarms that were decided on, and the endpoints' alarm rules.</summary>
internal sealed class RollbackDbContext(DbContextOptions<RollbackDbContext> options)
    : ServiceDbContext(options, RollbackService.ServiceName)
{
    public DbSet<AlarmRow> Alarms => Set<AlarmRow>();
    public DbSet<EndpointRulesRow> Endpoints => Set<EndpointRulesRow>();

    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new AlarmRow.Mapping());
        modelBuilder.ApplyConfiguration(new EndpointRulesRow.Mapping());
    }
}
