using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Validator.Persistence;

/// <summary>
/// Inbox, outbox and work items. Verdicts travel in the outcomes, and a bake that is taken up again finds its data in the routers' windows.
/// </summary>
internal sealed class ValidatorDbContext(DbContextOptions<ValidatorDbContext> options)
    : ServiceDbContext(options, ValidatorService.ServiceName)
{
    protected override void OnServiceModelCreating(ModelBuilder modelBuilder)
    {
    }
}
