using BlueGreen.Chaos.Evidence;

namespace BlueGreen.Chaos.Judging;

/// <summary>I5: what was acknowledged is never lost.</summary>
internal static class LossJudge
{
    public static IEnumerable<string> Find(SeedEvidence evidence)
    {
        foreach (var promotion in evidence.Promotions)
        {
            var deployment = evidence.Deployments.FirstOrDefault(row => row.Id == promotion.DeploymentId);
            if (deployment is null) yield return $"promotion of {promotion.Version}: there is no deployment {promotion.DeploymentId}";
            else if (deployment.Version != promotion.Version)
                yield return $"promotion of {promotion.Version}: its deployment {promotion.DeploymentId} is of {deployment.Version}";
            else if (deployment.State is "Failed" or "Faulted" && string.IsNullOrWhiteSpace(deployment.Reason) && !Says(evidence, deployment))
                yield return $"promotion of {promotion.Version}: {deployment.State} without a reason";
        }

        if (evidence.LastVersion is { } last && evidence.Deployments.FirstOrDefault(row => row.Version == last) is not { State: "Committed" })
        {
            var end = evidence.Deployments.FirstOrDefault(row => row.Version == last);
            yield return $"promotion of {last}, after everything was mended: {end?.State ?? "nothing came of it"}, {end?.Reason ?? "without a reason"}";
        }

        foreach (var alarm in evidence.Alarms)
        {
            if (!evidence.Decisions.Any(row => row.Alarm == alarm.Name && row.Decision.Length > 0))
                yield return $"alarm {alarm.Name}: no decision on it is stored";
            else if (!evidence.History.Any(row => row.Kind == "alarm" && row.Summary.StartsWith($"{alarm.Name}:", StringComparison.Ordinal)))
                yield return $"alarm {alarm.Name}: the history does not know of it";
        }
    }

    /// <summary>A fault that names itself in the history is honest, too.</summary>
    private static bool Says(SeedEvidence evidence, DeploymentFact deployment) =>
        evidence.History.Any(row => row.DeploymentId == deployment.Id && row.Kind is "stage-ended" or "fault" && row.Summary.Contains("could not", StringComparison.Ordinal));
}
