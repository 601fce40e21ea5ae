namespace BlueGreen.Bench.Routing.Proxying;

/// <summary>A way to run the router.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Settings">Options of ours by their key, or of the runtime by their variable.</param>
internal sealed record ProxyVariant(string Name, params (string Key, string Value)[] Settings)
{
    private static readonly (string, string) Direct = ("BlueGreen:Router:DirectUpstream", "true");

    /// <summary>As it is without anybody setting anything.</summary>
    public static ProxyVariant Shipped { get; } = new("ours");

    /// <summary>The short way for ordinary requests.</summary>
    public static ProxyVariant Short { get; } = new("ours_direct", Direct);

    /// <summary>The short way, and what comes from sockets goes on on the thread that heard of it.</summary>
    public static ProxyVariant Inline { get; } = new("ours_inline", Direct, ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"));

    /// <summary>Runtime settings, one at a time, to see what each is worth.</summary>
    public static IReadOnlyList<ProxyVariant> Settled { get; } =
    [
        new("direct_server_gc", Direct, ("DOTNET_gcServer", "1")),
        new("direct_workstation_gc", Direct, ("DOTNET_gcServer", "0")),
        new("direct_no_concurrent_gc", Direct, ("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0")),
        new("direct_large_gen0", Direct, ("DOTNET_gcServer", "0"), ("DOTNET_GCgen0size", "4000000")),
        new("direct_no_spin", Direct, ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0")),
        new("direct_no_pgo", Direct, ("DOTNET_TieredPGO", "0")),
    ];
}
