using BlueGreen.Bench.Routing.Running;
using BlueGreen.Bench.Routing.Traffic;
using BlueGreen.Contracts;
using BlueGreen.Testing.Containers;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]
[assembly: AssemblyFixture(typeof(RabbitMqServer))]

namespace BlueGreen.Router.Cutover.Tests;

/// <summary>
/// A strict cutover over three processes: whatever happens to whom, no request that was sent after an answer of the new model had been
/// received is answered by the old one.
/// </summary>
[Collection("one cluster at a time")]
public sealed class StrictCutoverTests(PostgreSqlServer postgres, RabbitMqServer rabbit, ITestOutputHelper output)
{
    private const string Endpoint = "fraud";
    private const int Rate = 300;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switches_BackAndForth_AReplicaJoiningMeanwhile_NoStaleAnswerAndNoFailure()
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        var late = cluster.Routers[2];
        await late.Process.DisposeAsync();
        var epoch = await scene.FirstAsync(Endpoint, "strict", "fence", Ct);
        await using var traffic = Traffic(cluster.Routers[0], cluster.Routers[1]);
        var answers = new List<ClientAnswer>();
        OpenTraffic? joined = null;
        for (var round = 0; round < 12; round++)
        {
            if (round == 3) cluster.Start(late);
            if (round == 6)
            {
                await late.UntilReadyAsync(Ct);
                joined = Traffic(late);
            }

            var made = await cluster.Bus.MustSwitchAsync(Endpoint, epoch, round % 2 == 0 ? cluster.Green : cluster.Blue, Ct);
            epoch = made.Epoch;
            Assert.True(made.Confirmed);
            Assert.Equal(round < 3 ? 2 : made.Acknowledgements.Count, made.Acknowledgements.Count);
            if (round > 6) Assert.Equal(3, made.Acknowledgements.Count);
            output.WriteLine($"held for {made.Acknowledgements.Max(entry => entry.HeldMilliseconds):0.0} ms, converged in {made.ConvergenceMilliseconds:0.0} ms");
            await traffic.MoreAsync(30, Ct);
        }

        await traffic.StopAsync();
        await joined!.StopAsync();
        answers.AddRange(traffic.Take());
        answers.AddRange(joined.Take());
        await joined.DisposeAsync();
        Assert.True(answers.Count > 300);
        Assert.All(answers, answer => Assert.True(answer.IsGood, $"{answer}"));
        AssertLinear(cluster, answers);
    }

    [Theory]
    [InlineData("preparing", "SELECT preparing FROM router.routes WHERE preparing IS NOT NULL")]
    [InlineData("made", "SELECT epoch FROM router.routes WHERE epoch > 1")]
    public async Task CoordinatorKilled_ItsSuccessorMakesTheSwitch_AndNoAnswerIsStale(string phase, string reached)
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        var epoch = await scene.FirstAsync(Endpoint, "strict", "fence", Ct);
        await using var traffic = Traffic([.. cluster.Routers]);
        await traffic.MoreAsync(50, Ct);
        // One that does not acknowledge makes the phase before the commit last; after it, nothing needs to.
        var stopped = phase == "preparing" ? cluster.Routers[2] : null;
        stopped?.Process.Signal(OwnProcess.Sigstop);

        var outcome = cluster.Bus.SwitchAsync(Endpoint, epoch, cluster.Green, Ct);
        await scene.UntilAsync(reached, Ct);
        var coordinator = await scene.CoordinatorAsync(Ct);
        coordinator.Process.Signal(OwnProcess.Sigkill);
        stopped?.Process.Signal(OwnProcess.Sigcont);
        var made = Assert.IsType<TrafficSwitched>(await outcome);
        await traffic.MoreAsync(50, Ct);
        await coordinator.Process.DisposeAsync();
        cluster.Start(coordinator);
        await coordinator.UntilReadyAsync(Ct);
        await traffic.MoreAsync(50, Ct);

        await traffic.StopAsync();
        var answers = traffic.Take();
        output.WriteLine($"{phase}: {made.SwitchedAt:O}, {answers.Count} answers, {answers.Count(answer => !answer.IsGood)} not good");
        // The dead one's connections are lost. It, when it starts anew, and who was paused for longer than its lease, refuse until they have one.
        Uri?[] excused = [coordinator.Inference, stopped?.Inference];
        Assert.All(answers.Where(answer => !answer.IsGood), answer => Assert.Contains(answer.Asked, excused));
        Assert.All(answers.Where(answer => !answer.IsGood), answer => Assert.True(answer.Status is 0 or 503, $"{answer}"));
        AssertLinear(cluster, answers);
        Assert.Contains(answers, answer => answer.Epoch == made.Epoch);
    }

    /// <summary>All replicas hold their requests and have said so; the one that would commit dies with its transaction open.</summary>
    [Fact]
    public async Task CoordinatorKilled_BetweenTheLastAcknowledgementAndTheCommit_ItsSuccessorMakesTheSwitch_AndNoAnswerIsStale()
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        var epoch = await scene.FirstAsync(Endpoint, "strict", "fence", Ct);
        await using var gate = await scene.GateCommitsAsync(Ct);
        await using var traffic = Traffic([.. cluster.Routers]);
        await traffic.MoreAsync(50, Ct);

        var outcome = cluster.Bus.SwitchAsync(Endpoint, epoch, cluster.Green, Ct);
        await gate.ReachedAsync(Ct);
        var coordinator = await scene.CoordinatorAsync(Ct);
        coordinator.Process.Signal(OwnProcess.Sigkill);
        await coordinator.Process.WaitAsync(Ct);
        await gate.OpenAsync(Ct);
        var made = Assert.IsType<TrafficSwitched>(await outcome);
        await traffic.MoreAsync(50, Ct);

        await traffic.StopAsync();
        var answers = traffic.Take();
        output.WriteLine($"{coordinator.Name} killed; {answers.Count} answers, {answers.Count(answer => !answer.IsGood)} not good");
        // What the others held for the dead one's sake was let go to the old model, before it ran out of time.
        Assert.All(answers.Where(answer => !answer.IsGood), answer => Assert.True(answer.Asked == coordinator.Inference && answer.Status == 0, $"{answer}"));
        AssertLinear(cluster, answers);
        Assert.Contains(answers, answer => answer.Epoch == made.Epoch);
    }

    /// <summary>It has promised to hold its requests, and does not hear of the commit: for less than its lease, and for longer.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public async Task ReplicaPaused_BetweenItsAcknowledgementAndTheCommit_AnswersNothingStaleWhenItGoesOn(int seconds)
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        var epoch = await scene.FirstAsync(Endpoint, "strict", "fence", Ct);
        await using var gate = await scene.GateCommitsAsync(Ct);
        await using var traffic = Traffic([.. cluster.Routers]);
        await traffic.MoreAsync(50, Ct);

        var outcome = cluster.Bus.SwitchAsync(Endpoint, epoch, cluster.Green, Ct);
        await gate.ReachedAsync(Ct);
        var coordinator = await scene.CoordinatorAsync(Ct);
        var paused = cluster.Routers.First(router => router != coordinator);
        paused.Process.Signal(OwnProcess.Sigstop);
        await gate.OpenAsync(Ct);
        var made = Assert.IsType<TrafficSwitched>(await outcome);
        await traffic.MoreAsync(50, Ct);
        // These wait in the paused one's sockets: they were sent after the new model had answered.
        await using var late = Traffic(paused);
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, Ct);
        paused.Process.Signal(OwnProcess.Sigcont);
        await late.MoreAsync(200, Ct);

        await Task.WhenAll(traffic.StopAsync(), late.StopAsync());
        var answers = traffic.Take();
        answers.AddRange(late.Take());
        output.WriteLine($"{paused.Name} paused; {answers.Count} answers, {answers.Count(answer => answer.Status == 503)} of them 503");
        Assert.All(answers.Where(answer => !answer.IsGood), answer => Assert.True(
            answer.Asked == paused.Inference && answer.Status is (503 or 408), $"{answer}"));
        Assert.Contains(answers, answer => answer.IsGood && answer.Asked == paused.Inference && answer.Epoch == made.Epoch);
        AssertLinear(cluster, answers);
    }

    [Fact]
    public async Task ReplicaPausedOverASwitch_AnswersNothingStaleWhenItGoesOn()
    {
        await using var scene = await StartAsync();
        var cluster = scene.Cluster;
        var epoch = await scene.FirstAsync(Endpoint, "strict", "fence", Ct);
        var paused = cluster.Routers[2];
        await using var traffic = Traffic([.. cluster.Routers]);
        await traffic.MoreAsync(50, Ct);

        paused.Process.Signal(OwnProcess.Sigstop);
        var made = Assert.IsType<TrafficSwitched>(await cluster.Bus.SwitchAsync(Endpoint, epoch, cluster.Green, Ct));
        await traffic.MoreAsync(50, Ct);
        // These wait in the paused one's sockets: they were sent after the new model had answered.
        await using var late = Traffic(paused);
        await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Ct);
        paused.Process.Signal(OwnProcess.Sigcont);
        await late.MoreAsync(200, Ct);

        await Task.WhenAll(traffic.StopAsync(), late.StopAsync());
        var answers = traffic.Take();
        answers.AddRange(late.Take());
        output.WriteLine($"{answers.Count} answers, {answers.Count(answer => answer.Status == 503)} of them 503; {made.Acknowledgements.Count} acknowledged");
        Assert.DoesNotContain(made.Acknowledgements, entry => entry.Router == paused.Name);
        // Without its lease it refuses; and for Kestrel a body that was half read when the process stopped came too slowly (408).
        Assert.All(answers.Where(answer => !answer.IsGood), answer => Assert.True(
            answer.Asked == paused.Inference && answer.Status is (503 or 408), $"{answer}"));
        Assert.Contains(answers, answer => answer.IsGood && answer.Epoch == made.Epoch);
        AssertLinear(cluster, answers);
    }

    private async Task<CutoverScene> StartAsync()
    {
        ContainerEngine.Require();
        return await CutoverScene.StartAsync(postgres, rabbit, Ct);
    }

    private static OpenTraffic Traffic(params RouterReplica[] routers) => new([.. routers.Select(router => router.Inference)], $"/{Endpoint}/infer", Rate);

    private static void AssertLinear(RouterCluster cluster, IReadOnlyCollection<ClientAnswer> answers)
    {
        Assert.Empty(Staleness.Find(answers).Take(3));
        Assert.All(answers.Where(answer => answer.IsGood), answer => Assert.Equal(
            answer.Epoch % 2 == 1 ? cluster.Blue.Version : cluster.Green.Version, answer.Version));
    }
}
