using BlueGreen.Contracts;
using BlueGreen.Router.Persistence;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Releasing;
using BlueGreen.Router.Routing;
using CsCheck;

namespace BlueGreen.Router.Tests.Releasing;

/// <summary>
/// The protocol of docs/adr/0008 in every order of its steps: two replicas, each with a table of its own, one row, and a schedule that
/// may delay, repeat and crash everything that the real thing does asynchronously.
/// </summary>
public sealed class ReleaseProtocolTests
{
    private const int Replicas = 2;
    private static readonly Guid Deployment = Guid.NewGuid();
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Weights that let schedules get as far as a release before a revert comes, and the other way round.</summary>
    private static readonly Gen<Step> Steps = Gen.Frequency(
        (8, Gen.Const(Step.Follow)), (8, Gen.Const(Step.Acknowledge)), (4, Gen.Const(Step.Finalise)), (3, Gen.Const(Step.BeginRelease)),
        (1, Gen.Const(Step.Revert)), (1, Gen.Const(Step.Reconcile)), (1, Gen.Const(Step.Crash)), (1, Gen.Const(Step.Withdraw)));

    [Fact]
    public void AnsweredRevert_And_Release_NeverBothHappen()
    {
        int released = 0, answered = 0;
        Gen.Select(Steps, Gen.Int[0, Replicas - 1]).Array[1, 60].Sample(schedule =>
        {
            var world = new World();
            foreach (var (step, replica) in schedule) world.Take(step, replica);

            Assert.False(world.IsReleased && world.IsAnswered);
            if (world.IsReleased) Interlocked.Increment(ref released);
            if (world.IsAnswered) Interlocked.Increment(ref answered);
            world.Settle();
            Assert.False(world.IsReleased && world.IsAnswered);
            Assert.True(!world.IsAnswered || world.Row.Live!.DeploymentId != Deployment);
            Assert.True(!world.IsReleased || world.Row.Live!.DeploymentId == Deployment);
        }, iter: 20_000);

        // Otherwise the schedules would not have come near the race.
        Assert.InRange(released, 2_000, 18_000);
        Assert.InRange(answered, 2_000, 18_000);
    }

    public enum Step
    {
        Revert,
        Follow,
        Acknowledge,
        Reconcile,
        Crash,
        BeginRelease,
        Withdraw,
        Finalise,
    }

    private sealed class World
    {
        private readonly Node[] _nodes;
        private bool _isVetoed;

        public World()
        {
            Row.Switch(Target(Guid.NewGuid()), Now);
            Row.Switch(Target(Deployment), Now);
            _nodes = Enumerable.Range(0, Replicas).Select(_ => new Node(State())).ToArray();
        }

        public RouteRow Row { get; } = new() { Endpoint = "fraud", Path = "/fraud" };
        public bool IsAnswered { get; private set; }
        public bool IsReleased { get; private set; }

        public void Take(Step step, int replica)
        {
            var node = _nodes[replica];
            switch (step)
            {
                case Step.Revert:
                    IsAnswered |= node.Revert();
                    break;
                case Step.Follow:
                    node.Follow(State());
                    break;
                case Step.Acknowledge:
                    node.Acknowledge();
                    break;
                case Step.Reconcile when node.HasVeto && !_isVetoed:
                    _isVetoed = !IsReleased;
                    if (_isVetoed) Row.Revert(Deployment, Now);
                    break;
                case Step.Crash:
                    node.Crash();
                    break;
                case Step.BeginRelease when Refusal() is null:
                    Row.BeginRelease(Deployment);
                    break;
                case Step.Withdraw when Row.Releasing is not null:
                    Row.WithdrawRelease();
                    break;
                case Step.Finalise when Row.Releasing == Deployment && Refusal() is null:
                    if (!_nodes.All(other => other.Acknowledged >= Row.ReleasingVersion)) break;
                    Row.Release(Deployment);
                    IsReleased = true;
                    break;
            }
        }

        public void Settle()
        {
            for (var replica = 0; replica < Replicas; replica++)
            {
                Take(Step.Reconcile, replica);
                Take(Step.Follow, replica);
            }
        }

        private string? Refusal() => ReleaseRule.Refusal(
            new ReleaseStandby { DeploymentId = Deployment, Attempt = 1, Endpoint = "fraud", ExpectedEpoch = 2 }, Row, _isVetoed);

        private RouteState State() => new()
        {
            Endpoint = "fraud",
            Path = "/fraud",
            Version = Row.Version,
            Epoch = Row.Epoch,
            Live = Row.Live,
            Standby = Row.Standby,
            Releasing = Row.Releasing,
            Committed = IsReleased ? [Deployment] : [],
            Vetoed = _isVetoed ? [new KnownVeto(Deployment, Now)] : [],
        };

        private static RouteTarget Target(Guid deployment) => new()
        {
            EnvironmentId = Guid.NewGuid(),
            DeploymentId = deployment,
            Model = "fraud",
            Version = "v",
            Protocol = "open-inference-v2",
            Replicas = [new Replica { Index = 0, Address = new Uri("http://127.0.0.1:1/") }],
        };
    }

    /// <summary>A replica: its table, and what of it is on disk.</summary>
    private sealed class Node(RouteState remembered)
    {
        private RouteState _onDisk = remembered;
        private long _mayAcknowledge;
        private RoutingTable _table = Table(remembered, hasVeto: false);

        public bool HasVeto { get; private set; }
        public long Acknowledged { get; private set; }

        public bool Revert()
        {
            var verdict = _table.Revert("fraud", Deployment, flip: true).Verdict;
            if (verdict == RevertVerdict.Flip) HasVeto = true;
            return verdict is RevertVerdict.Flip or RevertVerdict.AlreadyReverted;
        }

        public void Follow(RouteState state)
        {
            _table.Apply([state]);
            _onDisk = state;
            _mayAcknowledge = _table.Acknowledgements() is [var one] ? one.Version : 0;
        }

        public void Acknowledge() => Acknowledged = Math.Max(Acknowledged, _mayAcknowledge);

        public void Crash()
        {
            _table = Table(_onDisk, HasVeto);
            _mayAcknowledge = 0;
        }

        private static RoutingTable Table(RouteState state, bool hasVeto)
        {
            var table = new RoutingTable(new EnvironmentRegistry(TimeProvider.System));
            table.Apply([state]);
            if (hasVeto) table.Restore([(Deployment, "fraud")]);
            return table;
        }
    }
}
