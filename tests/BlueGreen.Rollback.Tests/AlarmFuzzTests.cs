using BlueGreen.Rollback.Tests.Fixture;
using BlueGreen.Testing.Alarms.Fuzzing;

namespace BlueGreen.Rollback.Tests;

public sealed class AlarmFuzzTests
{
    private const int Payloads = 20_000;
    private const int Seed = 20261123;
    private const int Workers = 8;

    [Fact]
    public async Task Payloads_Mutated_AreAcceptedOrRefusedButNeverBreakAnything()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var result = await new FuzzRun(host.Client, host.Sender).RunAsync(Payloads, Seed, Workers, TestContext.Current.CancellationToken);

        Assert.True(result is { ServerErrors: 0, ForgedAccepted: 0 }, result.ToString());
        Assert.Equal(Payloads, result.Payloads);
        Assert.True(result.Accepted > Payloads / 10, result.ToString());
        Assert.True(router.Flips <= 1, $"{router.Flips} reverts of one deployment");
    }
}
