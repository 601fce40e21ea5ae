using BlueGreen.Platform.Persistence;
using BlueGreen.Validator.Evidence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Validator.Persistence;

/// <summary>
/// Inbox, outbox and work items, what the gates judged and what bakes saw. A bake that is taken up again finds its data in the routers' windows.
/// </summary>
internal sealed class ValidatorDbContext(DbContextOptions<ValidatorDbContext> options)
    : ServiceDbContext(options, ValidatorService.ServiceName)
{
    public DbSet<JudgementRow> Judgements => Set<JudgementRow>();

    public DbSet<EvidenceRow> Evidence => Set<EvidenceRow>();

    public DbSet<BakeRow> Bakes => Set<BakeRow>();

    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfiguration(new JudgementRow.Mapping());
        modelBuilder.ApplyConfiguration(new EvidenceRow.Mapping());
        modelBuilder.ApplyConfiguration(new BakeRow.Mapping());
    }
}
