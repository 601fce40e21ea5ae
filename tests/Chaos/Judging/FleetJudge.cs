using BlueGreen.Chaos.Evidence;

namespace BlueGreen.Chaos.Judging;

/// <summary>I3 and I7: what is needed runs, what runs is needed.</summary>
internal static class FleetJudge
{
    public static IEnumerable<string> Find(SeedEvidence evidence) => Orphans(evidence).Concat(Missing(evidence)).Concat(Unreferenced(evidence));

    private static IEnumerable<string> Orphans(SeedEvidence evidence)
    {
        foreach (var fleet in evidence.Processes.GroupBy(process => process.EnvironmentId))
        {
            var row = evidence.Environments.FirstOrDefault(environment => environment.Id == fleet.Key);
            var processes = string.Join(", ", fleet.Select(process => process.Id));
            if (row is null) yield return $"I7: processes {processes} run for environment {fleet.Key}, of which there is no record";
            else if (row.State == "Decommissioned") yield return $"I7: processes {processes} run for environment {fleet.Key}, which was decommissioned";
        }
    }

    private static IEnumerable<string> Missing(SeedEvidence evidence)
    {
        foreach (var route in evidence.Routes)
        {
            foreach (var environment in new[] { route.Live, route.Standby }.OfType<Guid>())
            {
                var running = evidence.Processes.Count(process => process.EnvironmentId == environment);
                var size = evidence.Replicas[route.Endpoint];
                if (running < size) yield return $"I3: {route.Endpoint}: {running} of {size} replicas of {environment} run";
            }
        }
    }

    /// <summary>What no route names must have a time at which it ends.</summary>
    private static IEnumerable<string> Unreferenced(SeedEvidence evidence) => evidence.Environments
        .Where(row => row.State is not "Decommissioned" && row.ExpiresAt is null)
        .Where(row => !evidence.Routes.Any(route => route.Live == row.Id || route.Standby == row.Id))
        .Select(row => $"I7: environment {row.Id} ({row.State}) serves nobody and never expires");
}
