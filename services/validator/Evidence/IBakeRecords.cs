using BlueGreen.Judging.Evidence;
using BlueGreen.Validator.Persistence;

namespace BlueGreen.Validator.Evidence;

/// <summary>Where what bakes see is kept.</summary>
internal interface IBakeRecords
{
    /// <returns>The given attempt, or the last; null when nothing is kept of it.</returns>
    Task<BakeEvidence?> FindAsync(Guid deployment, int? attempt, CancellationToken cancellationToken);

    /// <summary>Puts it in the place of what was kept of the same attempt.</summary>
    Task SaveAsync(BakeEvidence evidence, CancellationToken cancellationToken);

    /// <summary>The same in the transaction that publishes the verdict: both stand or fall together.</summary>
    Func<ValidatorDbContext, CancellationToken, Task> Write(BakeEvidence evidence);
}
