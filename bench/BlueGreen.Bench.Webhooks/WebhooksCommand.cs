using System.CommandLine;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Bench.Webhooks;

/// <summary><c>webhooks [--payloads N] [--seed S] [--first F] [--rate R] [--seconds T] [--json]</c>.</summary>
internal static class WebhooksCommand
{
    private const int Good = 0;
    private const int Bad = 1;
    private const int Interrupted = 130;

    public static RootCommand Create()
    {
        var payloads = Number("--payloads", "How many mutated and forged webhooks are played.", 1_000_000);
        var seed = Number("--seed", "Which ones; the same seed plays the same.", 1);
        var first = Number("--first", "Number of the first of them: where a run that was stopped goes on.", 0);
        var rate = Number("--rate", "Promotions per second that are sent to the listener's process.", 1_050);
        var seconds = Number("--seconds", "How long they are sent while it is measured; 0: neither rate nor kill, broken webhooks only.", 20);
        var json = new Option<bool>("--json") { Description = "Say nothing but the last line." };
        var root = new RootCommand("Plays broken webhooks of every source, then good ones as fast as they may come.") { payloads, seed, first, rate, seconds, json };
        root.SetAction((parsed, ct) => RunAsync(
            new WebhooksPlan(
                parsed.GetValue(payloads), parsed.GetValue(seed), parsed.GetValue(first), parsed.GetValue(rate), parsed.GetValue(seconds)),
            parsed.GetValue(json), ct));
        return root;
    }

    private static Option<int> Number(string name, string description, int value) => new(name) { Description = description, DefaultValueFactory = _ => value };

    private static async Task<int> RunAsync(WebhooksPlan plan, bool quiet, CancellationToken ct)
    {
        if (ContainerEngine.SkipReason is { } reason)
        {
            Console.Error.WriteLine(reason);
            return Bad;
        }

        var folder = Directory.CreateTempSubdirectory("bluegreen-webhooks-").FullName;
        await using var postgres = new PostgreSqlServer();
        await using var rabbit = new RabbitMqServer();
        try
        {
            await Task.WhenAll(postgres.InitializeAsync().AsTask(), rabbit.InitializeAsync().AsTask());
            var report = await new WebhooksRun(postgres, rabbit, folder, Say, TimeProvider.System).MeasureAsync(plan, ct);
            Console.WriteLine(report.ToJson());
            return report.IsGood ? Good : Bad;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Interrupted;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void Say(string text)
        {
            if (!quiet) Console.Error.WriteLine(text);
        }
    }
}

/// <param name="Payloads">Mutated and forged webhooks, those before <paramref name="First"/> included.</param>
/// <param name="Seed">Which.</param>
/// <param name="First">Those before it were played by another run.</param>
/// <param name="Rate">Good ones per second.</param>
/// <param name="Seconds">For how long; 0: not at all.</param>
internal sealed record WebhooksPlan(int Payloads, int Seed, int First, int Rate, int Seconds);
