using BlueGreen.Chaos.Evidence;

namespace BlueGreen.Chaos.Judging;

/// <summary>I2 and what the services must agree on: who was switched to on whose word, and who is live.</summary>
internal static class RouteJudge
{
    public static IEnumerable<string> Find(SeedEvidence evidence) =>
        evidence.Switches.SelectMany(made => Unjudged(evidence, made))
            .Concat(evidence.Deployments.SelectMany(deployment => Untrue(evidence, deployment)))
            .Concat(evidence.Routes.SelectMany(route => Disagreeing(evidence, route)));

    private static IEnumerable<string> Unjudged(SeedEvidence evidence, SwitchFact made)
    {
        var deployment = evidence.Deployments.FirstOrDefault(row => row.Id == made.DeploymentId);
        if (deployment is null)
        {
            yield return $"I2: traffic was switched to {made.EnvironmentId} of deployment {made.DeploymentId}, which does not exist";
            yield break;
        }

        if (deployment.EnvironmentId != made.EnvironmentId)
            yield return $"I2: {deployment.Version} has environment {deployment.EnvironmentId}, traffic was switched to {made.EnvironmentId}";
        if (!deployment.Verdicts.Any(gate => gate.Value == "Passed") || deployment.Verdicts.Any(gate => gate.Value is not ("Passed" or "NotApplicable")))
        {
            var verdicts = string.Join(", ", deployment.Verdicts.Select(gate => $"{gate.Key} {gate.Value}"));
            yield return $"I2: {deployment.Version} was switched to with these verdicts: {(verdicts.Length == 0 ? "none" : verdicts)}";
        }

        var passed = evidence.History.FirstOrDefault(row => row.DeploymentId == made.DeploymentId && row.Summary == "Validating: Passed");
        var switched = evidence.History.FirstOrDefault(row => row.DeploymentId == made.DeploymentId && row.Kind == "switched");
        if (switched is not null && !(passed?.Sequence < switched.Sequence))
            yield return $"I2: the history of {deployment.Version} has no passed validation before its switch";
    }

    /// <summary>What a saga says of its end is what the router did.</summary>
    private static IEnumerable<string> Untrue(SeedEvidence evidence, DeploymentFact deployment)
    {
        var made = evidence.Switches.FirstOrDefault(row => row.DeploymentId == deployment.Id);
        var isVetoed = evidence.Vetoes.Any(row => row.DeploymentId == deployment.Id);
        if (deployment.State == "Committed" && (made?.CommittedAt is null || isVetoed))
            yield return $"{deployment.Version} is Committed, but its switch is {(made is null ? "missing" : isVetoed ? "vetoed" : "not committed")}";
        if (deployment.State == "RolledBack" && made is not null && !isVetoed)
            yield return $"I6: {deployment.Version} is RolledBack, but the router has no veto of it";
        if (made?.CommittedAt is not null && isVetoed)
            yield return $"I6: {deployment.Version} was committed and vetoed";
        if (deployment.SwitchEpoch is { } epoch && made?.Epoch != epoch)
            yield return $"{deployment.Version}: the saga knows of a switch at epoch {epoch}, the router of {(made is null ? "none" : $"one at {made.Epoch}")}";
    }

    private static IEnumerable<string> Disagreeing(SeedEvidence evidence, RouteFact route)
    {
        if (route.OrchestratorsLive is { } known && known != route.Live)
            yield return $"{route.Endpoint}: live is {route.Live} at the router, {known} at the orchestrator";
        if (route.EnvManagersLive != route.Live)
            yield return $"{route.Endpoint}: live is {route.Live} at the router, {route.EnvManagersLive} at env-manager";
        if (evidence.Vetoes.Any(veto => evidence.Switches.Any(row => row.DeploymentId == veto.DeploymentId && row.EnvironmentId == route.Live)))
            yield return $"I6: {route.Endpoint}: a vetoed deployment's environment {route.Live} is live";
    }
}
