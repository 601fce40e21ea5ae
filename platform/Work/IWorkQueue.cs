using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;

namespace BlueGreen.Platform.Work;

/// <summary>Asks for work in the transaction at hand (a consumer's, or <see cref="IServiceStore{TDb}.WriteAsync"/>'s context).</summary>
public interface IWorkQueue<TDb> where TDb : ServiceDbContext
{
    /// <summary>
    /// One item per command type and subject. A higher fence replaces the item and stops whoever works on it; an equal or lower one is
    /// a repetition and changes nothing.
    /// </summary>
    /// <param name="command">What the handler gets; stored as JSON.</param>
    /// <param name="subject">What the work is about, e.g. an environment's id.</param>
    /// <param name="fence">Counts up with every attempt.</param>
    /// <param name="cancellationToken">Cancels the database round trip.</param>
    Task RequestAsync<TCommand>(TCommand command, string subject, long fence, CancellationToken cancellationToken)
        where TCommand : class;

    /// <summary>The usual case: subject is the deployment, fence is the attempt.</summary>
    Task RequestAsync<TCommand>(TCommand command, CancellationToken cancellationToken) where TCommand : class, IStageMessage;

    /// <summary>Stops the work on a subject: the handler's token is cancelled and its outcome is never published. Returns at once.</summary>
    Task CancelAsync<TCommand>(string subject, CancellationToken cancellationToken) where TCommand : class;

    /// <summary>The same, and for good: a request that comes later, or was made earlier and is heard later, is ignored.</summary>
    Task ForbidAsync<TCommand>(string subject, CancellationToken cancellationToken) where TCommand : class;
}
