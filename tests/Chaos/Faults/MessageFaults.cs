using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Taps;
using BlueGreen.Chaos.Waiting;
using RabbitMQ.Client.Exceptions;

namespace BlueGreen.Chaos.Faults;

/// <summary>Duplicates and reorders deliveries.</summary>
internal sealed class MessageFaults(MessageTap tap, BrokerManagement broker, Waits waits, TimeProvider time, Action<string> say)
{
    private const int Duplicates = 40;
    private const int HeldTypes = 16;

    /// <summary>For one thing that the broker is asked for: it may be down, and started again meanwhile.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly List<MessageTap.Captured> _held = [];

    /// <summary>Delivers some messages of the run so far again, in another order.</summary>
    public async Task DuplicateAsync(FaultStep step, Action count, CancellationToken ct)
    {
        var all = tap.Since(0).ToArray();
        new Random(step.Seed).Shuffle(all);
        count();
        await InsistAsync("duplicates to be taken", token => tap.RepublishAsync(all[..Math.Min(Duplicates, all.Length)], token), ct);
    }

    /// <summary>Who gets which messages, asked before it is needed: some states are shorter than the question.</summary>
    public async Task<IReadOnlyList<BrokerManagement.Binding>> PrepareAsync(FaultStep step, CancellationToken ct)
    {
        var bindings = new List<BrokerManagement.Binding>();
        await InsistAsync("the broker's bindings", async token =>
        {
            bindings.Clear();
            string[] exchanges = [.. await broker.MessageExchangesAsync(token)];
            new Random(step.Seed).Shuffle(exchanges);
            var asked = exchanges.Take(HeldTypes).Select(exchange => broker.BindingsAsync(exchange, MessageTap.Queue, token));
            foreach (var found in await Task.WhenAll(asked)) bindings.AddRange(found);
        }, ct);
        return bindings;
    }

    /// <summary>Takes some message types from their consumers for a while; what came meanwhile is delivered afterwards in another order.</summary>
    public async Task ReorderAsync(FaultStep step, IReadOnlyList<BrokerManagement.Binding> bindings, Action count, CancellationToken ct)
    {
        var exchanges = bindings.Select(binding => binding.Exchange).ToHashSet();
        var position = tap.Count;
        try
        {
            count();
            await EachAsync("bindings to be taken", bindings, broker.UnbindAsync, ct);
            await Task.Delay(step.Lasts, time, ct);
        }
        finally
        {
            await EachAsync("bindings to be given back", bindings, broker.BindAsync, ct);
        }

        await CatchUpAsync(ct);
        var held = tap.Since(position, exchanges).ToArray();
        new Random(step.Seed).Shuffle(held);
        lock (_held) _held.AddRange(held);
        say($"{held.Length} messages were held back");
        await InsistAsync("held messages to be taken", token => tap.RepublishAsync(held, token), ct);
    }

    /// <summary>
    /// At the end: what was held back is delivered once more, for the first time may have met a broker that was about to be killed.
    /// </summary>
    public async Task HealAsync(CancellationToken ct)
    {
        MessageTap.Captured[] held;
        lock (_held) held = [.. _held];
        if (held.Length > 0) await InsistAsync("held messages to be taken again", token => tap.RepublishAsync(held, token), ct);
    }

    /// <summary>What the tap has not read yet would be neither the consumers' nor ours.</summary>
    private Task CatchUpAsync(CancellationToken ct) => waits.ForAsync("the tap to have read everything", Limit, tap.CatchUpAsync, ct);

    private Task EachAsync(
        string what, IReadOnlyList<BrokerManagement.Binding> bindings, Func<BrokerManagement.Binding, CancellationToken, Task> action,
        CancellationToken ct) =>
        Task.WhenAll(bindings.Select(binding => InsistAsync(what, token => action(binding, token), ct)));

    private Task InsistAsync(string what, Func<CancellationToken, Task> action, CancellationToken ct) => waits.ForAsync(what, Limit, async token =>
    {
        while (true)
        {
            try
            {
                await action(token);
                return;
            }
            catch (Exception away) when (away is HttpRequestException or RabbitMQClientException or IOException or ObjectDisposedException
                || (away is OperationCanceledException && !token.IsCancellationRequested))
            {
                await Task.Delay(Retry, time, token);
            }
        }
    }, ct);
}
