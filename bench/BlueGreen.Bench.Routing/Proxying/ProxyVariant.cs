namespace BlueGreen.Bench.Routing.Proxying;

/// <summary>A way to run the router.</summary>
/// <param name="Name">In the report.</param>
/// <param name="Settings">Options of ours by their key, or of the runtime by their variable.</param>
internal sealed record ProxyVariant(string Name, params (string Key, string Value)[] Settings)
{
    /// <summary>As it is without anybody setting anything.</summary>
    public static ProxyVariant Shipped { get; } = new("ours");

    /// <summary>Every request through YARP's forwarder.</summary>
    public static ProxyVariant General { get; } = new("ours_yarp", ("BlueGreen:Router:DirectUpstream", "false"));

    /// <summary>What comes from sockets goes on on the thread that heard of it.</summary>
    public static ProxyVariant Inline { get; } = new("ours_inline", ("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1"));

    /// <summary>Runtime settings, one at a time, to see what each is worth.</summary>
    public static IReadOnlyList<ProxyVariant> Settled { get; } =
    [
        new("ours_server_gc", ("DOTNET_gcServer", "1")),
        new("ours_workstation_gc", ("DOTNET_gcServer", "0")),
        new("ours_no_concurrent_gc", ("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0")),
        new("ours_large_gen0", ("DOTNET_gcServer", "0"), ("DOTNET_GCgen0size", "4000000")),
        new("ours_no_spin", ("DOTNET_ThreadPool_UnfairSemaphoreSpinLimit", "0")),
        new("ours_no_pgo", ("DOTNET_TieredPGO", "0")),
    ];
}
