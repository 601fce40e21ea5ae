namespace BlueGreen.Bench.Routing.Peers;

/// <summary>Another load balancer, on its own.</summary>
internal interface IPeer : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Where clients call.</summary>
    Uri Address { get; }

    /// <summary>Processor time used so far.</summary>
    TimeSpan Cpu { get; }

    /// <summary>How often it has read its configuration anew; null: it does not tell.</summary>
    int? Reloads => null;

    /// <summary>Sends all new requests to one of the two servers, in the way its users do.</summary>
    Task SwitchAsync(Uri server, CancellationToken ct);
}
