using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;

namespace BlueGreen.Platform.Faults;

/// <summary>
/// Where a fault about a <see cref="MessageFaulted"/> ends: said as a message it would come back to the consumer that could not handle the
/// first one. Registered by the service that keeps the list.
/// </summary>
public interface IFaultSink<in TDb> where TDb : ServiceDbContext
{
    /// <summary>Adds it to the list, in the transaction that marks the message as handled.</summary>
    Task KeepAsync(TDb db, MessageFaulted fault, CancellationToken cancellationToken);
}
