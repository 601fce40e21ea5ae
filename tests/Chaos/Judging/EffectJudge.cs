using BlueGreen.Chaos.Evidence;

namespace BlueGreen.Chaos.Judging;

/// <summary>Nothing is done twice: one switch, one fleet, one decommission, one end.</summary>
internal static class EffectJudge
{
    private static readonly string[] OncePerDeployment = ["promoted", "switched", "ended"];

    public static IEnumerable<string> Find(SeedEvidence evidence) =>
        Epochs(evidence).Concat(History(evidence)).Concat(Fleets(evidence));

    /// <summary>Every switch, effective revert and release mints one epoch, and nothing else does: the count must come out.</summary>
    private static IEnumerable<string> Epochs(SeedEvidence evidence)
    {
        foreach (var twice in evidence.Switches.GroupBy(row => (row.Endpoint, row.Epoch)).Where(group => group.Count() > 1))
            yield return $"{twice.Key.Endpoint}: {twice.Count()} switches share epoch {twice.Key.Epoch}";
        foreach (var twice in evidence.Switches.GroupBy(row => row.DeploymentId).Where(group => group.Count() > 1))
            yield return $"deployment {twice.Key} was switched to {twice.Count()} times";
        foreach (var route in evidence.Routes)
        {
            var switches = evidence.Switches.Where(row => row.Endpoint == route.Endpoint).ToList();
            var released = switches.Count(row => row.CommittedAt is not null);
            var reverted = evidence.Vetoes.Count(veto => switches.Any(row => row.DeploymentId == veto.DeploymentId));
            if (route.Epoch != switches.Count + released + reverted)
            {
                yield return $"{route.Endpoint}: the route stands at epoch {route.Epoch}, but there were {switches.Count} switches, "
                    + $"{reverted} reverts and {released} releases";
            }
        }
    }

    private static IEnumerable<string> History(SeedEvidence evidence)
    {
        var rows = evidence.History.Where(row => row.DeploymentId is not null).ToList();
        foreach (var twice in rows.Where(row => OncePerDeployment.Contains(row.Kind)).GroupBy(row => (row.DeploymentId, row.Kind)).Where(group => group.Count() > 1))
            yield return $"the history has '{twice.Key.Kind}' of deployment {twice.Key.DeploymentId} {twice.Count()} times";
        foreach (var twice in rows.Where(row => row.Kind == "stage-ended" && row.Summary.EndsWith(": Decommissioned", StringComparison.Ordinal))
            .GroupBy(row => row.DeploymentId).Where(group => group.Count() > 1))
            yield return $"deployment {twice.Key} decommissioned {twice.Count()} times";
    }

    private static IEnumerable<string> Fleets(SeedEvidence evidence)
    {
        foreach (var twice in evidence.Environments.GroupBy(row => row.DeploymentId).Where(group => group.Count() > 1))
            yield return $"deployment {twice.Key} has {twice.Count()} environments";
        foreach (var twice in evidence.Processes.GroupBy(process => (process.EnvironmentId, process.Replica)).Where(group => group.Count() > 1))
        {
            yield return $"replica {twice.Key.Replica} of environment {twice.Key.EnvironmentId} runs {twice.Count()} times: "
                + $"processes {string.Join(", ", twice.Select(process => process.Id))}";
        }
    }
}
