using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Platform.Tests.Fixture;

internal sealed class Effect
{
    public Guid Id { get; init; }
    public required string Kind { get; init; }
    public required string Subject { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class SampleDbContext(DbContextOptions<SampleDbContext> options) : ServiceDbContext(options, "sample")
{
    public DbSet<Effect> Effects => Set<Effect>();
    public DbSet<Order> Orders => Set<Order>();

    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<Effect>(effect =>
        {
            effect.ToTable("effects");
            effect.Property(row => row.Id).ValueGeneratedNever();
        });
        modelBuilder.Entity<Order>(order =>
        {
            order.ToTable("orders");
            order.HasKey(row => row.CorrelationId);
            order.Property(row => row.CorrelationId).ValueGeneratedNever();
        });
    }
}

[DbContext(typeof(SampleDbContext))]
[Migration("20261123000001_Initial")]
internal sealed class Initial() : ServiceMigration("sample")
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreatePlatformTables(migrationBuilder);
        var effects = TableName(migrationBuilder, "effects");
        migrationBuilder.CreateTable(effects, schema: SchemaName(migrationBuilder), columns: table => new
        {
            id = table.Column<Guid>(nullable: false),
            kind = table.Column<string>(nullable: false),
            subject = table.Column<string>(nullable: false),
            at = table.Column<DateTimeOffset>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{effects}", row => row.id));
        var orders = TableName(migrationBuilder, "orders");
        migrationBuilder.CreateTable(orders, schema: SchemaName(migrationBuilder), columns: table => new
        {
            correlation_id = table.Column<Guid>(nullable: false),
            current_state = table.Column<string>(nullable: false),
            deadline_token = table.Column<Guid>(nullable: true),
            ticks = table.Column<int>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{orders}", row => row.correlation_id));
    }
}
