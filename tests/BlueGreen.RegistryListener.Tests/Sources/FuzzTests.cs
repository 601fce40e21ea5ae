using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests.Sources;

public sealed class FuzzTests(ListenerHost host) : IClassFixture<ListenerHost>
{
    private const int Payloads = 20_000;
    private const int Lanes = 64;

    [Fact]
    public async Task TagName_WithAZeroInIt_IsStoredWithoutIt()
    {
        var webhook = SentWebhook.Signed("mlflow", System.Text.Encoding.UTF8.GetBytes(
            """{"entity":"model_version","action":"created","timestamp":"2026-01-31T12:00:00+00:00","data":{"name":"fraud","version":"7","source":"models:/m-1","tags":{"a\u0000b":"c"}}}"""),
            TimeProvider.System.GetUtcNow());

        Assert.Equal(200, (await host.SendAsync(webhook)).Status);
        Assert.Contains("a\uFFFDb", Assert.Single(await host.DeliveriesOfAsync("mlflow"), row => row.Model == "fraud").IgnoredBecause, StringComparison.Ordinal);
    }

    [Fact]
    public void Webhooks_OfOneSeed_AreTheSameInEveryProcess() => Assert.Equal(156923177, Fuzz.RandomOf(1, 2).Next());

    [Fact]
    public async Task Webhooks_MutatedAndForged_NeverFailTheListenerNorPass()
    {
        await host.ConfigureAsync(Fuzz.Model, Samples.Stage, 1);
        await Eventually.BecomesTrueAsync(async () => await host.StageOfAsync(Fuzz.Model) == Samples.Stage);
        var fuzz = new Fuzz(host.Receiver, host.Services, TimeProvider.System);
        var cancellationToken = TestContext.Current.CancellationToken;

        await Parallel.ForEachAsync(
            Enumerable.Range(0, Payloads), new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = cancellationToken },
            async (number, token) => await fuzz.RunAsync(number, 1, seed: 20261123, token));

        var report = fuzz.Report;
        Assert.Empty(report.Failures);
        Assert.Equal((Payloads, 0, 0, 0), (report.Payloads, report.UnhandledExceptions, report.ServerErrors, report.ForgedAccepted));
        // It is worth something only if much of it gets far.
        Assert.True(report.Statuses.GetValueOrDefault(202) > Payloads / 50 && report.Statuses.GetValueOrDefault(200) > Payloads / 20,
            string.Join(", ", report.Statuses));
        Assert.True(report.Forged > Payloads / 5);
    }
}
