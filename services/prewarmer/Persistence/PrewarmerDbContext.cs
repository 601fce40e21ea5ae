using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Prewarmer.Persistence;

/// <summary>Inbox, outbox and work items, and how each environment was warmed; what warming found travels in the outcome.</summary>
internal sealed class PrewarmerDbContext(DbContextOptions<PrewarmerDbContext> options)
    : ServiceDbContext(options, PrewarmerService.ServiceName)
{
    public DbSet<KnownWarmup> KnownWarmups => Set<KnownWarmup>();

    protected override void OnServiceModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyConfiguration(new KnownWarmup.Mapping());
}
