using BlueGreen.Chaos.Playing;
using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Traffic;

/// <summary>Clients of every endpoint, at every router.</summary>
internal sealed class PlatformTraffic : IAsyncDisposable
{
    /// <param name="stage">Whose endpoints are called.</param>
    /// <param name="rate">Requests per second to each endpoint of each router.</param>
    public PlatformTraffic(Stage stage, double rate)
    {
        var script = stage.Script;
        string[] routers = script.SecondRouter ? [ServiceProgram.Router, PlatformProcesses.SecondRouter] : [ServiceProgram.Router];
        Streams = (from router in routers
                   from story in script.Stories.Index()
                   let endpoint = story.Item.Endpoint
                   let name = router == ServiceProgram.Router ? endpoint : $"{endpoint}@{router}"
                   select KeyValuePair.Create(name, new EndpointTraffic(
                       stage.Platform.InferenceOf(router), endpoint, rate, script.Seed + story.Index, stage.Clock))).ToDictionary();
    }

    /// <summary>By endpoint, or endpoint@router for another than the first.</summary>
    public IReadOnlyDictionary<string, EndpointTraffic> Streams { get; }

    public async ValueTask DisposeAsync() => await Task.WhenAll(Streams.Values.Select(stream => stream.DisposeAsync().AsTask()));
}
