using BlueGreen.Contracts;
using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Persistence;

/// <summary>
/// One endpoint's route. Every change goes through one of its methods and raises <see cref="Version"/>, on which the update is a
/// compare-and-swap: of two transactions that read the same row, one commits and the other starts over with what the first one wrote.
/// </summary>
internal sealed class RouteRow
{
    public required string Endpoint { get; init; }
    public required string Path { get; set; }
    public long PolicyRevision { get; set; }
    public long Version { get; private set; }
    public long Epoch { get; private set; }
    public RouteTarget? Live { get; private set; }
    public RouteTarget? Standby { get; private set; }
    public DateTimeOffset? SwitchedAt { get; private set; }

    /// <summary>The live deployment whose standby is being given up.</summary>
    public Guid? Releasing { get; private set; }

    /// <summary>The <see cref="Version"/> that replicas must have acknowledged before the release is final.</summary>
    public long ReleasingVersion { get; private set; }

    /// <summary>Green, warm and being judged: the preview.</summary>
    public RouteTarget? Candidate { get; private set; }

    /// <summary>The candidate's environment.</summary>
    public Guid? CandidateId { get; private set; }

    /// <summary>A strict switch for which the replicas hold their requests.</summary>
    public PreparedSwitch? Preparing { get; private set; }
    public RouteSettings Settings { get; private set; } = RouteSettings.Default;

    /// <summary>By which steps traffic moves to what is live: the plan that was in force at the switch; null: it has all.</summary>
    public TrafficShift? Shift { get; private set; }

    /// <summary>The <see cref="Version"/> with which the endpoint became fenced: who knows older ones only does not know it; 0: all of them know.</summary>
    public long FencedSince { get; private set; }
    public RouteMemory Memory { get; private set; } = RouteMemory.Empty;

    public void Configure(string path, RouteSettings settings, long revision)
    {
        Version++;
        if (!settings.IsFenced) FencedSince = 0;
        else if (!Settings.IsFenced && Version > 1) FencedSince = Version;
        (Path, Settings, PolicyRevision) = (path, settings, revision);
    }

    public void Offer(RouteTarget candidate)
    {
        (Candidate, CandidateId) = (candidate, candidate.EnvironmentId);
        Version++;
    }

    public void Withdraw()
    {
        (Candidate, CandidateId) = (null, null);
        Version++;
    }

    public void Prepare(Guid deploymentId) => Preparing = new PreparedSwitch(deploymentId, ++Version);

    public void EndPreparation()
    {
        Preparing = null;
        Version++;
    }

    public void Switch(RouteTarget green, DateTimeOffset now)
    {
        (Live, Standby) = (green, Live);
        if (CandidateId == green.EnvironmentId) (Candidate, CandidateId) = (null, null);
        Mint(now, Settings.Traffic.Shift);
    }

    /// <summary>Takes a vetoed deployment out of the route.</summary>
    /// <returns>True when traffic moved.</returns>
    public bool Revert(Guid deploymentId, DateTimeOffset now)
    {
        Memory = Memory.WithVeto(deploymentId, now);
        if (Preparing?.DeploymentId == deploymentId) Preparing = null;
        if (Candidate?.DeploymentId == deploymentId) (Candidate, CandidateId) = (null, null);
        if (Live?.DeploymentId == deploymentId)
        {
            (Live, Standby) = (Standby, null);
            Mint(now, shift: null);
            return true;
        }

        if (Standby?.DeploymentId == deploymentId) Standby = null;
        Version++;
        return false;
    }

    public void BeginRelease(Guid deploymentId)
    {
        if (Releasing == deploymentId) return;
        Releasing = deploymentId;
        ReleasingVersion = ++Version;
    }

    public void WithdrawRelease()
    {
        Releasing = null;
        Version++;
    }

    /// <returns>The environment that is standby no longer; null: there was none.</returns>
    public Guid? Release(Guid deploymentId)
    {
        Memory = Memory.WithCommitted(deploymentId);
        var released = Standby?.EnvironmentId;
        Standby = null;
        Mint(SwitchedAt, shift: null);
        return released;
    }

    private void Mint(DateTimeOffset? switchedAt, TrafficShift? shift)
    {
        (SwitchedAt, Shift) = (switchedAt, shift);
        Releasing = null;
        Preparing = null;
        Epoch++;
        Version++;
    }
}
