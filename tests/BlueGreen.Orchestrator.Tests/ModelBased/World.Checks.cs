using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>Delivery, and what must hold after every one of them.</summary>
internal sealed partial class World
{
    private static readonly HashSet<string> Ends = ["Committed", "RolledBack", "Failed", "Rejected", "Cancelled", "Superseded"];

    private readonly HashSet<(Guid Environment, string Fingerprint)> _passed = [];
    private readonly HashSet<Guid> _reverted = [];
    private readonly HashSet<Guid> _released = [];
    private readonly HashSet<Guid> _tornDown = [];

    /// <summary>A verdict that lets a deployment of this world switch: it has one gate, and all of its environments the fingerprint "f".</summary>
    public static bool IsPassed(EnvironmentValidated verdict) =>
        verdict.EnvironmentId != Guid.Empty && verdict.Fingerprint == "f" && verdict.Gates is [{ Gate: "health", Verdict: Verdict.Passed }];

    public static bool IsAboutThis(DeploymentApproved approved) => approved.EnvironmentId != Guid.Empty && approved.Fingerprint == "f";

    public static bool IsAboutThis(DeploymentRejected rejected) => rejected.EnvironmentId != Guid.Empty && rejected.Fingerprint == "f";

    private void Deliver(Letter letter)
    {
        var id = letter.Message.DeploymentId;
        var before = Snapshot(id);
        Met.Add(before.State);
        var expected = _reference.Step(letter.Message, letter.Timer?.IsSet == true, _driver.Endpoint.LiveEnvironmentId is not null);
        Note(letter);
        var (body, token) = PlantedBug.Apply(_planted, letter, _driver);
        var said = body is null ? [] : _driver.Deliver(body, id, token);
        if (letter.Timer is { } timer) timer.Fired = true;
        Story.Add($"{Describe(letter)}: {before.State} {before.Attempt} -> {Snapshot(id).State} {Snapshot(id).Attempt}"
            + string.Concat(said.Select(message => $" !{message.GetType().Name}")));
        foreach (var message in said)
        {
            CheckSaid(message);
            Send(message);
        }

        CheckFollowed(letter.Message, before, said);
        CheckDeployments();
        CheckReference(id, expected, said);
    }

    private void Send(IDeploymentMessage message)
    {
        if (message is SlotGranted or SupersedeDeployment or RollbackRequested) Post(message);
        if (message is IStageMessage or RollbackRequested) _commands.Add(message);
    }

    private void Note(Letter letter)
    {
        if (letter.Message is EnvironmentValidated verdict && IsPassed(verdict)) _passed.Add((verdict.EnvironmentId, verdict.Fingerprint));
        if (letter.Message is TrafficReverted reverted && _driver.Sagas.ContainsKey(reverted.DeploymentId)) _reverted.Add(reverted.DeploymentId);
        if (letter.Message is StandbyReleased released) _released.Add(released.DeploymentId);
    }

    private void CheckSaid(IDeploymentMessage message)
    {
        var saga = _driver.Sagas[message.DeploymentId];
        if (message is SwitchTraffic order)
            Hold(_passed.Contains((order.Fleet.EnvironmentId, saga.Fingerprint!)), "I2: a switch without a passed verdict for this environment");
        if (message is SwitchTraffic or BeginBaking or ReleaseStandby)
            Hold(!_reverted.Contains(message.DeploymentId), $"I6: {message.GetType().Name} for a reverted deployment");
        if (message is not DecommissionEnvironment decommission) return;
        if (decommission.EnvironmentId == saga.Blue?.EnvironmentId)
            Hold(_released.Contains(saga.CorrelationId), "blue is decommissioned before the standby was released");
        else
            Hold(decommission.EnvironmentId == saga.EnvironmentId, "somebody else's environment is decommissioned");
        _tornDown.Add(decommission.EnvironmentId);
    }

    /// <summary>Checked after every move, not only after messages to the saga: a switch that arrives late counts as well.</summary>
    private void CheckTraffic() => Hold(
        Router.Live is not { } live || !_tornDown.Contains(live.Environment), "traffic is on an environment that was ordered to be torn down");

    private void CheckFollowed(IDeploymentMessage message, (string State, int Attempt) before, IReadOnlyList<IDeploymentMessage> said)
    {
        var after = Snapshot(message.DeploymentId);
        if (before.State.Length == 0) return;
        if (message is TrafficReverted && !Ends.Contains(before.State))
            Hold(after.State == "RollingBack" && said.OfType<QuarantineEnvironment>().Any(), "I4: a revert was not followed");
        if (message is IStageMessage stage && stage.Attempt != before.Attempt)
            Hold(after == before && said.Count == 0, "a message to another attempt changed something");
        if (Ends.Contains(before.State)) Hold(after == before && said.Count == 0, "a deployment that has ended goes on");
    }

    private void CheckDeployments()
    {
        var active = new List<Guid>();
        foreach (var (id, saga) in _driver.Sagas)
        {
            var isEnded = Ends.Contains(saga.CurrentState);
            var deadlines = _driver.Timers.Count(timer => timer.IsSet && timer.Message.DeploymentId == id);
            Hold(deadlines == (isEnded ? 0 : 1), $"{Name(id)} in {saga.CurrentState} has {deadlines} deadlines");
            Hold(isEnded == saga.EndedAt is not null, $"{Name(id)} in {saga.CurrentState} has EndedAt {saga.EndedAt}");
            if (!isEnded && saga.Plan is not null) active.Add(id);
        }

        Hold(active.Count <= 1, "two deployments hold the slot");
        Hold(active.Count == 0 || active[0] == _driver.Endpoint.HolderDeploymentId, "a deployment is under way without the slot");
        if (_driver.Endpoint.HolderDeploymentId is { } holder) Hold(!Ends.Contains(_driver.Sagas[holder].CurrentState), "the slot was not passed on");
    }

    private void CheckReference(Guid id, IReadOnlyList<string> expected, IReadOnlyList<IDeploymentMessage> said)
    {
        var names = said.Select(message => message.GetType().Name).Order(StringComparer.Ordinal).ToList();
        Hold(expected.SequenceEqual(names), $"the reference says {string.Join(", ", expected)}; the saga said {string.Join(", ", names)}");
        if (_reference.Deployments.TryGetValue(id, out var its))
            Hold((its.State, Ends.Contains(its.State) ? 0 : its.Attempt) == (Snapshot(id).State, Ends.Contains(its.State) ? 0 : Snapshot(id).Attempt),
                $"the reference is in {its.State} {its.Attempt}");
        Hold(_reference.Holder == _driver.Endpoint.HolderDeploymentId, "the reference's slot is held by another");
        Hold(_reference.Waiting == _driver.Endpoint.WaitingDeploymentId, "in the reference another one waits");
    }

    private (string State, int Attempt) Snapshot(Guid id) =>
        _driver.Sagas.GetValueOrDefault(id) is { } saga ? (saga.CurrentState, saga.Attempt) : ("", 0);

    private static void Hold(bool holds, string what)
    {
        if (!holds) throw new Violation(what);
    }

    private static string Name(Guid id) => $"d{id.ToString()[7]}";

    private static string Describe(Letter letter)
    {
        var name = ReferenceEquals(letter.Message, letter.Body) ? letter.Message.GetType().Name : $"Fault<{letter.Message.GetType().Name}>";
        return $"{Name(letter.Message.DeploymentId)} {name}" + (letter.Message is IStageMessage stage ? $" {stage.Attempt}" : "");
    }
}

/// <summary>Something that must hold does not.</summary>
internal sealed class Violation(string what) : Exception(what);
