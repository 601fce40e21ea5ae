using BlueGreen.Demo.Verification;

namespace BlueGreen.Demo.Tests.Verification;

public sealed class RouteEpochTests
{
    [Fact]
    public void Epochs_AreOrderedAsARevertHappens()
    {
        string[] ordered = ["7", "7+revert", "8", "10", "10+revert"];

        Assert.Equal(ordered, ordered.Reverse().Select(text => RouteEpoch.Parse(text)!.Value).Order().Select(epoch => epoch.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("seven")]
    [InlineData("7+other")]
    public void SomethingElse_IsNoEpoch(string? header) => Assert.Null(RouteEpoch.Parse(header));
}
