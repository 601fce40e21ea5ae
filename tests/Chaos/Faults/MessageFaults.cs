using BlueGreen.Chaos.Scripts;
using BlueGreen.Chaos.Taps;
using RabbitMQ.Client.Exceptions;

namespace BlueGreen.Chaos.Faults;

/// <summary>Duplicates and reorders deliveries.</summary>
internal sealed class MessageFaults(MessageTap tap, BrokerManagement broker, TimeProvider time, Action<string> say)
{
    private const int Duplicates = 40;
    private const int HeldTypes = 16;
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    private readonly List<MessageTap.Captured> _held = [];

    /// <summary>Delivers some messages of the run so far again, in another order.</summary>
    public async Task DuplicateAsync(FaultStep step, Action count, CancellationToken ct)
    {
        var random = new Random(step.Seed);
        var all = tap.Since(0).ToArray();
        random.Shuffle(all);
        await InsistAsync(token => tap.RepublishAsync(all[..Math.Min(Duplicates, all.Length)], token), ct);
        count();
    }

    /// <summary>Takes some message types from their consumers for a while; what came meanwhile is delivered afterwards in another order.</summary>
    public async Task ReorderAsync(FaultStep step, Action count, CancellationToken ct)
    {
        var random = new Random(step.Seed);
        string[] exchanges = [];
        await InsistAsync(async token => exchanges = [.. await broker.MessageExchangesAsync(token)], ct);
        random.Shuffle(exchanges);
        exchanges = exchanges[..Math.Min(HeldTypes, exchanges.Length)];
        var bindings = new List<BrokerManagement.Binding>();
        foreach (var exchange in exchanges)
            await InsistAsync(async token => bindings.AddRange(await broker.BindingsAsync(exchange, MessageTap.Queue, token)), ct);
        var position = tap.Count;
        try
        {
            foreach (var binding in bindings) await InsistAsync(token => broker.UnbindAsync(binding, token), ct);
            count();
            await Task.Delay(step.Lasts, time, ct);
        }
        finally
        {
            foreach (var binding in bindings) await InsistAsync(token => broker.BindAsync(binding, token), ct);
        }

        await Task.Delay(Settle, time, ct);
        var held = tap.Since(position, exchanges).ToArray();
        random.Shuffle(held);
        lock (_held) _held.AddRange(held);
        say($"{held.Length} messages were held back");
        await InsistAsync(token => tap.RepublishAsync(held, token), ct);
    }

    /// <summary>
    /// At the end: what was held back is delivered once more, for the first time may have met a broker that was about to be killed.
    /// </summary>
    public Task HealAsync(CancellationToken ct)
    {
        MessageTap.Captured[] held;
        lock (_held) held = [.. _held];
        return InsistAsync(token => tap.RepublishAsync(held, token), ct);
    }

    private async Task InsistAsync(Func<CancellationToken, Task> action, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                await action(ct);
                return;
            }
            catch (Exception away) when (away is HttpRequestException or RabbitMQClientException or IOException or ObjectDisposedException
                || (away is OperationCanceledException && !ct.IsCancellationRequested))
            {
                await Task.Delay(Retry, time, ct);
            }
        }
    }
}
