using BlueGreen.Platform.Persistence;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Polling;
using BlueGreen.RegistryListener.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.RegistryListener.Persistence;

/// <summary>Deliveries that were answered, aliases that were seen, and endpoints that are known.</summary>
internal sealed class RegistryListenerDbContext(DbContextOptions<RegistryListenerDbContext> options)
    : ServiceDbContext(options, RegistryListenerService.ServiceName)
{
    public DbSet<Delivery> Deliveries => Set<Delivery>();
    public DbSet<LatestPromotion> LatestPromotions => Set<LatestPromotion>();
    public DbSet<SeenAlias> SeenAliases => Set<SeenAlias>();
    public DbSet<KnownEndpoint> Endpoints => Set<KnownEndpoint>();

    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new Delivery.Mapping());
        modelBuilder.ApplyConfiguration(new LatestPromotion.Mapping());
        modelBuilder.ApplyConfiguration(new SeenAlias.Mapping());
        modelBuilder.ApplyConfiguration(new KnownEndpoint.Mapping());
    }
}
