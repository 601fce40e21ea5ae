using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;

namespace BlueGreen.Platform.Rehearsing;

/// <summary>
/// What a rehearsed message shall find in the service's database, so that its consumers get past their first question. Set within the
/// message's transaction, which is rolled back.
/// </summary>
public interface IRehearsalScene<in TDb> where TDb : ServiceDbContext
{
    /// <summary>Adds rows; the caller saves them.</summary>
    void Set(TDb db, IDeploymentMessage message);
}
