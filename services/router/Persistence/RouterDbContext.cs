using BlueGreen.Platform.Persistence;
using BlueGreen.Router.Capture;
using BlueGreen.Router.Drivers;
using BlueGreen.Router.Routing;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Router.Persistence;

/// <summary>The truth about routes; replicas serve copies of it.</summary>
internal sealed class RouterDbContext(DbContextOptions<RouterDbContext> options) : ServiceDbContext(options, Service)
{
    public const string Service = "router";

    public DbSet<RouteRow> Routes => Set<RouteRow>();
    public DbSet<SwitchRow> Switches => Set<SwitchRow>();
    public DbSet<VetoRow> Vetoes => Set<VetoRow>();
    public DbSet<ReplicaRow> Replicas => Set<ReplicaRow>();
    public DbSet<AcknowledgementRow> Acknowledgements => Set<AcknowledgementRow>();
    public DbSet<CaptureRow> Captures => Set<CaptureRow>();
    public DbSet<CapturePolicyRow> CapturePolicies => Set<CapturePolicyRow>();
    public DbSet<DriverAlarmRow> DriverAlarms => Set<DriverAlarmRow>();
    public DbSet<DriverPlaceRow> DriverPlaces => Set<DriverPlaceRow>();

    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
        CaptureMapping.Map(modelBuilder);
        modelBuilder.Entity<RouteRow>(route =>
        {
            route.ToTable("routes").HasKey(row => row.Endpoint);
            route.Property(row => row.Version).IsConcurrencyToken();
            route.Property(row => row.Live).HasConversion(JsonColumn.Of<RouteTarget>());
            route.Property(row => row.Standby).HasConversion(JsonColumn.Of<RouteTarget>());
            route.Property(row => row.Candidate).HasConversion(JsonColumn.Of<RouteTarget>());
            route.Property(row => row.Preparing).HasConversion(JsonColumn.Of<PreparedSwitch>());
            route.Property(row => row.Settings).HasConversion(JsonColumn.Required<RouteSettings>());
            route.Property(row => row.Shift).HasConversion(JsonColumn.Of<Contracts.TrafficShift>());
            route.Property(row => row.Memory).HasConversion(JsonColumn.Required<RouteMemory>());
        });
        modelBuilder.Entity<SwitchRow>(row =>
        {
            row.ToTable("switches").HasKey(entry => entry.DeploymentId);
            row.HasIndex(entry => new { entry.Endpoint, entry.CommittedAt });
            row.Property(entry => entry.Receipt).HasConversion(JsonColumn.Of<Contracts.TrafficSwitched>());
            row.Property(entry => entry.Release).HasConversion(JsonColumn.Of<Contracts.StandbyReleased>());
        });
        modelBuilder.Entity<VetoRow>(row =>
        {
            row.ToTable("vetoes").HasKey(entry => entry.DeploymentId);
            row.HasIndex(entry => new { entry.Endpoint, entry.RevertedAt });
        });
        modelBuilder.Entity<DriverAlarmRow>().ToTable("driver_alarms").HasKey(row => new { row.Endpoint, row.Kind });
        modelBuilder.Entity<DriverPlaceRow>().ToTable("driver_places").HasKey(row => new { row.Endpoint, row.Place });
        modelBuilder.Entity<ReplicaRow>().ToTable("replicas").HasKey(row => row.Name);
        modelBuilder.Entity<AcknowledgementRow>().ToTable("acknowledgements").HasKey(row => new { row.Replica, row.Endpoint });
    }
}
