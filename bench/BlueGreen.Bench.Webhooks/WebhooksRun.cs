using System.Diagnostics;
using BlueGreen.Bench.Webhooks.Running;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.Platform.Hosting;
using BlueGreen.RegistryListener;
using BlueGreen.RegistryListener.Webhooks;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Bench.Webhooks;

/// <summary>First the rate, on a process that has seen nothing bad; then the kill; then everything bad.</summary>
internal sealed class WebhooksRun(PostgreSqlServer postgres, RabbitMqServer rabbit, string folder, Action<string> say, TimeProvider clock)
{
    private const int Lanes = 64;

    public async Task<WebhooksReport> MeasureAsync(WebhooksPlan plan, CancellationToken ct)
    {
        var rate = plan.Seconds > 0 ? await new RateRun(postgres, rabbit, folder, say, clock).MeasureAsync(plan, ct) : null;
        var fuzz = await FuzzAsync(plan, ct);
        using var self = Process.GetCurrentProcess();
        return new WebhooksReport
        {
            Payloads = fuzz.Payloads,
            Unhandled = fuzz.UnhandledExceptions,
            ServerErrors = fuzz.ServerErrors,
            Forged = fuzz.Forged,
            ForgedAccepted = fuzz.ForgedAccepted,
            PeakMegabytes = Math.Round(self.PeakWorkingSet64 / 1048576.0, 1),
            AcceptedPerSecond = rate?.AcceptedPerSecond,
            P50 = rate?.P50,
            P99 = rate?.P99,
            P999 = rate?.P999,
            NotAccepted = rate?.NotAccepted,
            CpuPerWebhook = rate?.CpuPerWebhook,
            AcknowledgedAtKill = rate?.AcknowledgedAtKill,
            AcknowledgedLost = rate?.AcknowledgedLost,
            Statuses = fuzz.Statuses,
        };
    }

    private async Task<FuzzReport> FuzzAsync(WebhooksPlan plan, CancellationToken ct)
    {
        say($"{plan.Payloads - plan.First} broken webhooks");
        var database = await BenchDatabase.CreateAsync(postgres, "fuzz", ct);
        await using var app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new RegistryListenerService()], builder =>
            builder.Configuration.AddInMemoryCollection(ListenerProcess.Settings(database, broker: null, Path.Combine(folder, "fuzz"))));
        await app.StartAsync(ct);
        await ListenerProcess.AddEndpointAsync(database, Fuzz.Model, ct);
        var fuzz = new Fuzz(app.Services.GetRequiredService<WebhookReceiver>(), app.Services, clock);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var progress = new FuzzProgress(fuzz.Report, plan.First, plan.Payloads, Lanes, say, clock).RunAsync(over.Token);
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(plan.First, plan.Payloads - plan.First), new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = ct },
                async (number, token) => await fuzz.RunAsync(number, 1, plan.Seed, token));
        }
        finally
        {
            await over.CancelAsync();
            await progress;
            foreach (var failure in fuzz.Report.Failures) say(failure);
        }

        await app.StopAsync(ct);
        return fuzz.Report;
    }
}
