using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Prewarmer.Persistence;

/// <summary>Inbox, outbox and work items; warming keeps nothing of its own, what it found travels in the outcome.</summary>
internal sealed class PrewarmerDbContext(DbContextOptions<PrewarmerDbContext> options)
    : ServiceDbContext(options, PrewarmerService.ServiceName)
{
    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
    }
}
