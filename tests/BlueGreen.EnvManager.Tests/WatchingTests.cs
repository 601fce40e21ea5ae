using System.Net.Http.Headers;
using System.Net.Http.Json;
using BlueGreen.Contracts;
using BlueGreen.EnvManager.Drivers.Processes;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Tests.Fixture;

namespace BlueGreen.EnvManager.Tests;

public sealed class WatchingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Watching_ReplicaOfLiveOrStandbyDies_ComesBackOnTheSamePort(bool live)
    {
        await using var router = await HeldReplicas.StartAsync();
        await using var host = await new EnvManagerHost(new() { ["BlueGreen:Services:RouterUrls:0"] = router.Address }).StartAsync();
        var command = await host.ProvisionAsync(2);
        await host.PublishAsync(live
            ? Commands.Switched(command, 1)
            : Commands.Switched(Commands.Provision(host.Artifact()), 1, command.EnvironmentId));
        await host.BecomesAsync(command, live ? EnvironmentRole.Live : EnvironmentRole.Standby);
        var before = await ViewAsync(host);
        router.Seen = async () => (await host.ProcessesAsync(command.EnvironmentId)).Count;

        Signals.Send(before.Replicas[1].ProcessId, Signals.Kill);
        await Eventually.BecomesTrueAsync(async () => (await ViewAsync(host)).Replicas[1] is { Restarts: 1, Ready: true });

        var after = await ViewAsync(host);
        Assert.Equal(before.Replicas.Select(replica => replica.Address), after.Replicas.Select(replica => replica.Address));
        Assert.Equal(before.Replicas[0].ProcessId, after.Replicas[0].ProcessId);
        // Before the process in its place was started: one of two ran.
        Assert.Equal(($"/routes/{command.Endpoint}/cold/{command.EnvironmentId}/1", 1), Assert.Single(router.Told));
        var told = await host.Outcomes.NextAsync<ReplicaRestarted>();
        Assert.Equal((command.DeploymentId, command.EnvironmentId, 1, 1), (told.DeploymentId, told.EnvironmentId, told.Index, told.Restarts));
        using var client = new HttpClient();
        Assert.True((await client.GetAsync(new Uri(after.Replicas[1].Address, "v2/health/ready"), Token)).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Watching_ReplicaOfAnUnservedEnvironmentDies_IsReportedNotMended()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(1);

        Signals.Send(Assert.Single(await host.ProcessesAsync(command.EnvironmentId)), Signals.Kill);
        await Eventually.BecomesTrueAsync(async () => !(await ViewAsync(host)).Replicas[0].Ready);

        Assert.Equal(0, (await ViewAsync(host)).Replicas[0].Restarts);
        Assert.Empty(await host.ProcessesAsync(command.EnvironmentId));
    }

    [Fact]
    public async Task Watching_ReplicaStopsAnswering_IsShownAsUnready()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var flag = Path.Combine(host.Folder, "go");
        await File.WriteAllTextAsync(flag, "", Token);
        var command = await host.ProvisionAsync(1, "--ready-when", flag);
        await host.PublishAsync(Commands.Switched(command, 1));
        var process = (await ViewAsync(host)).Replicas[0].ProcessId;

        File.Delete(flag);
        await Eventually.BecomesTrueAsync(async () => !(await ViewAsync(host)).Replicas[0].Ready);
        await File.WriteAllTextAsync(flag, "", Token);
        await Eventually.BecomesTrueAsync(async () => (await ViewAsync(host)).Replicas[0].Ready);

        Assert.Equal(process, (await ViewAsync(host)).Replicas[0].ProcessId);
    }

    private static async Task<EnvironmentView> ViewAsync(EnvManagerHost host)
    {
        using var client = new HttpClient { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", EnvManagerHost.Token);
        return Assert.Single((await client.GetFromJsonAsync<List<EnvironmentView>>("/api/v1/environments", Token))!);
    }
}
