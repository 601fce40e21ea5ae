using BlueGreen.Platform.Persistence;
using MassTransit;

namespace BlueGreen.Platform.Messaging;

/// <summary>For saga steps, which have no constructor to inject into.</summary>
public static class ConsumeTransactionAccess
{
    /// <summary>The context whose transaction this message is handled in.</summary>
    public static TDb Db<TDb>(this PipeContext context) where TDb : ServiceDbContext =>
        (TDb)context.GetPayload<IConsumeTransaction>().Db;

    /// <summary>Now, by the injected clock.</summary>
    public static DateTimeOffset Now(this PipeContext context) => context.GetPayload<IConsumeTransaction>().Clock.GetUtcNow();
}
