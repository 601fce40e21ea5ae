using BlueGreen.Judging.Evidence;
using BlueGreen.Validator.Evidence;
using BlueGreen.Validator.Persistence;

namespace BlueGreen.Validator.Tests.Baking;

/// <summary>The record of one bake, without a database.</summary>
internal sealed class KeptBakes : IBakeRecords
{
    public bool IsAway { get; set; }

    public BakeEvidence? Kept { get; private set; }

    public Task<BakeEvidence?> FindAsync(Guid deployment, int? attempt, CancellationToken cancellationToken) =>
        IsAway ? throw new IOException("away") : Task.FromResult(Kept);

    public Task SaveAsync(BakeEvidence evidence, CancellationToken cancellationToken)
    {
        if (IsAway) throw new IOException("away");
        Kept = evidence;
        return Task.CompletedTask;
    }

    public Func<ValidatorDbContext, CancellationToken, Task> Write(BakeEvidence evidence)
    {
        Kept = evidence;
        return (_, _) => Task.CompletedTask;
    }
}
