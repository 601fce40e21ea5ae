namespace BlueGreen.Bench.Routing.Peers;

/// <summary>What another load balancer's own way of switching came to.</summary>
/// <param name="Switches">How many.</param>
/// <param name="Requests">Asked meanwhile.</param>
/// <param name="Failed">Anything but 200.</param>
/// <param name="MixedMs">How long both versions were given out.</param>
internal sealed record PeerReport(int Switches, int Requests, int Failed, Quantiles? MixedMs);
