using BlueGreen.Chaos.Evidence;

namespace BlueGreen.Chaos.Judging;

/// <summary>
/// I5: an outage uses no tries up. Nothing is given up but what the harness made fail for good, and what it was is in the platform's list:
/// queues of failed messages are emptied into it (<see cref="QuietJudge"/> finds what is left in them).
/// </summary>
internal static class FaultJudge
{
    public static IEnumerable<string> Find(SeedEvidence evidence)
    {
        foreach (var fault in evidence.Faults)
        {
            var deployment = evidence.Deployments.FirstOrDefault(row => row.Id == fault.DeploymentId);
            var isMeant = deployment is not null && evidence.PoisonedVersions.Contains(deployment.Version);
            if (!isMeant)
                yield return $"I5: {fault.Service} gave up {fault.MessageType} of {deployment?.Version ?? "no deployment"}: {fault.Problem}";
            else if (fault.State == "Open" && deployment!.State == "Committed")
                yield return $"I5: {deployment.Version} was replayed and is Committed, but its {fault.MessageType} is still listed as open";
        }
    }
}
