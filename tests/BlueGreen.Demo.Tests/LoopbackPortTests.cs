using BlueGreen.Demo.Hosting;

namespace BlueGreen.Demo.Tests;

public sealed class LoopbackPortTests
{
    /// <summary>Several are chosen before the first server listens.</summary>
    [Fact]
    public void Choosing_ManyBeforeAnyIsUsed_GivesNoneTwice()
    {
        var ports = Enumerable.Range(0, 2_000).Select(_ => LoopbackPort.Choose(0)).ToArray();

        Assert.Distinct(ports);
    }
}
