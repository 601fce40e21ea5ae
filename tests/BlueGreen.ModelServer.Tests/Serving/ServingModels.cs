using BlueGreen.ModelServer.Training;

namespace BlueGreen.ModelServer.Serving;

/// <summary>Two running servers that the tests share: a good model and one that fails on the slice.</summary>
public sealed class ServingModels(TrainedReleases releases) : IAsyncLifetime
{
    internal TrainedReleases Releases => releases;

    internal ServerProcess Good { get; private set; } = null!;

    internal ServerProcess Degrading { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        Good = await ServerProcess.ReadyAsync(releases.ModelFile(1), ct);
        Degrading = await ServerProcess.ReadyAsync(releases.ModelFile(4), ct);
    }

    public async ValueTask DisposeAsync()
    {
        await Good.DisposeAsync();
        await Degrading.DisposeAsync();
    }
}
