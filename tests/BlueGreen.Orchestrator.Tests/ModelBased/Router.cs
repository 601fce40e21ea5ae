using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>What is true about the route, whatever anybody has heard of it: epochs by compare-and-swap, vetoes that only grow.</summary>
internal sealed class Router
{
    private readonly HashSet<Guid> _vetoes = [];
    private readonly HashSet<Guid> _committed = [];
    private readonly Dictionary<Guid, TrafficSwitched> _switches = [];

    public Router(Fleet? live)
    {
        if (live is null) return;
        Live = (Guid.Empty, live.EnvironmentId);
        Epoch = 1;
    }

    public long Epoch { get; private set; }
    public (Guid Deployment, Guid Environment)? Live { get; private set; }
    public (Guid Deployment, Guid Environment)? Standby { get; private set; }

    public IDeploymentMessage Switch(SwitchTraffic command, DateTimeOffset now)
    {
        if (_switches.TryGetValue(command.DeploymentId, out var made)) return made with { Attempt = command.Attempt };
        if (_vetoes.Contains(command.DeploymentId) || Epoch != command.ExpectedEpoch)
            return new SwitchingFailed { DeploymentId = command.DeploymentId, Attempt = command.Attempt, Reason = "vetoed, or the epoch moved" };
        (Standby, Live) = (Live, (command.DeploymentId, command.Fleet.EnvironmentId));
        return _switches[command.DeploymentId] = new TrafficSwitched
        {
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            Endpoint = command.Endpoint,
            EnvironmentId = command.Fleet.EnvironmentId,
            Epoch = ++Epoch,
            SwitchedAt = now,
            Confirmed = true,
            ConvergenceMilliseconds = 1,
            Acknowledgements = [],
        };
    }

    /// <returns>Null: it is vetoed already, and that was told.</returns>
    public IDeploymentMessage? Revert(Guid deployment, string endpoint, DateTimeOffset now)
    {
        if (_vetoes.Contains(deployment)) return null;
        var isLive = Live?.Deployment == deployment;
        if (_committed.Contains(deployment) || Standby?.Deployment == deployment || (isLive && Standby is null))
            return new RevertRefused { DeploymentId = deployment, Endpoint = endpoint, Reason = "no way back" };
        _vetoes.Add(deployment);
        if (isLive)
        {
            (Live, Standby) = (Standby, null);
            Epoch++;
        }

        return new TrafficReverted
        {
            DeploymentId = deployment,
            Endpoint = endpoint,
            Epoch = Epoch,
            LiveEnvironmentId = Live?.Environment,
            Reason = "alarm",
            RequestedBy = "alertmanager",
            RevertedAt = now,
        };
    }

    public IDeploymentMessage Release(ReleaseStandby command)
    {
        var id = command.DeploymentId;
        if (!_committed.Contains(id))
        {
            if (_vetoes.Contains(id) || Live?.Deployment != id || Epoch != command.ExpectedEpoch)
                return new StandbyReleaseFailed { DeploymentId = id, Attempt = command.Attempt, Reason = "not this deployment's to release" };
            _committed.Add(id);
            Standby = null;
            Epoch++;
        }

        return new StandbyReleased { DeploymentId = id, Attempt = command.Attempt, Endpoint = command.Endpoint, Epoch = Epoch };
    }
}
