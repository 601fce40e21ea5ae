using BlueGreen.Testing.Processes;

namespace BlueGreen.Chaos.Scripts;

/// <summary>Every fault, every state, and which meetings of the two a seed aims at.</summary>
internal static class FaultCatalogue
{
    public const int PerSeed = 5;

    private static readonly (string Label, FaultKind Kind, string? Service)[] Faults =
    [
        .. ServiceProgram.All.Select(service => ($"kill {service.Name}", FaultKind.Kill, (string?)service.Name)),
        ("kill several", FaultKind.Kill, null),
        ("broker stop", FaultKind.BrokerStop, null), ("broker kill", FaultKind.BrokerKill, null),
        ("database stop", FaultKind.DatabaseStop, null), ("database kill", FaultKind.DatabaseKill, null),
        ("pause", FaultKind.Pause, null), ("cut connections", FaultKind.Cut, null), ("add latency", FaultKind.Delay, null),
        ("duplicate", FaultKind.Duplicate, null), ("reorder", FaultKind.Reorder, null),
    ];

    /// <summary>States that a deployment can be met in; the ends are not among them.</summary>
    public static IReadOnlyList<string> States { get; } =
    [
        "Queued", "Provisioning", "Warming", "Validating", "AwaitingApproval", "Switching", "Baking", "Held", "Retaining", "Releasing",
        "Committing", "RollingBack", "TearingDown", "Faulted",
    ];

    public static IReadOnlyList<string> Labels { get; } = [.. Faults.Select(fault => fault.Label)];

    /// <summary>
    /// The meetings that a seed aims at. Seventeen faults and fourteen states are stepped through side by side: no number divides both, so
    /// that consecutive seeds go through the whole table, and every seed mixes faults of different kinds.
    /// </summary>
    public static IEnumerable<(string Label, FaultKind Kind, string? Service, string State)> Of(int seed)
    {
        for (var index = 0; index < PerSeed; index++)
        {
            var cell = ((long)seed * PerSeed) + index;
            var (label, kind, service) = Faults[(int)((cell * 5) % Faults.Length)];
            yield return (label, kind, service, States[(int)(cell % States.Count)]);
        }
    }
}
