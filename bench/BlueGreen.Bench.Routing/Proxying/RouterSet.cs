namespace BlueGreen.Bench.Routing.Proxying;

/// <summary>Routers that run side by side, each on its own disk.</summary>
internal sealed class RouterSet : IAsyncDisposable
{
    private readonly List<(string Name, LoneRouter Router)> _all = [];

    public IReadOnlyList<(string Name, LoneRouter Router)> All => _all;

    public void Add(string name, LoneRouter router) => _all.Add((name, router));

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, router) in _all) await router.DisposeAsync();
    }
}
