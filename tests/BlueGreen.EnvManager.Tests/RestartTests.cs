using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using BlueGreen.EnvManager.Drivers.Processes;
using BlueGreen.EnvManager.Environments;
using BlueGreen.EnvManager.Tests.Fixture;

namespace BlueGreen.EnvManager.Tests;

public sealed class RestartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Restart_InGoodOrder_AdoptsTheSameProcesses()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(2);
        await host.PublishAsync(Commands.Switched(command, 1));
        await host.BecomesAsync(command, EnvironmentRole.Live);
        var before = await host.ProcessesAsync(command.EnvironmentId);

        await host.StopAsync();
        Assert.All(before, id => Assert.NotNull(ProcessTable.Find(id)));
        await host.StartAsync();

        await Eventually.BecomesTrueAsync(async () => (await host.ReplicasAsync(command)).All(replica => replica.Ready));
        Assert.Equal(before, await host.ProcessesAsync(command.EnvironmentId));
    }

    [Fact]
    public async Task Restart_LiveReplicasDiedMeanwhile_StartsThemOnTheirPorts()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(2);
        await host.PublishAsync(Commands.Switched(command, 1));
        await host.BecomesAsync(command, EnvironmentRole.Live);
        var ports = (await host.ReplicasAsync(command)).Select(replica => replica.Port).ToList();
        var before = await host.ProcessesAsync(command.EnvironmentId);
        await host.StopAsync();
        foreach (var id in before) Signals.Send(id, Signals.Kill);
        await Eventually.BecomesTrueAsync(() => before.All(id => ProcessTable.Find(id) is null));

        await host.StartAsync();

        await Eventually.BecomesTrueAsync(async () => (await host.ReplicasAsync(command)).All(row => row is { Ready: true, Restarts: 1 }));
        Assert.Equal(ports, (await host.ReplicasAsync(command)).Select(replica => replica.Port));
        Assert.Empty(before.Intersect(await host.ProcessesAsync(command.EnvironmentId)));
    }

    [Fact]
    public async Task Restart_StopEnvironmentsOnShutdown_LeavesNothingRunning()
    {
        await using var host = await new EnvManagerHost(new() { ["BlueGreen:EnvManager:StopEnvironmentsOnShutdown"] = "true" }).StartAsync();
        var command = await host.ProvisionAsync(2);
        var before = await host.ProcessesAsync(command.EnvironmentId);

        await host.StopAsync();

        Assert.All(before, id => Assert.Null(ProcessTable.Find(id)));
    }

    [Fact]
    public async Task Restart_KilledOutright_ReplicasOutliveItAndItsSuccessorAdoptsThem()
    {
        await using var host = await new EnvManagerHost().StartAsync();
        var command = await host.ProvisionAsync(2);
        await host.PublishAsync(Commands.Switched(command, 1));
        await host.BecomesAsync(command, EnvironmentRole.Live);
        var first = await host.ProcessesAsync(command.EnvironmentId);
        await host.StopAsync();

        var second = await RestartReplicaInAProcessThatIsThenKilledAsync(host, first[1]);
        Assert.All(second, id => Assert.NotNull(ProcessTable.Find(id)));
        await host.StartAsync();

        Assert.Equal(first[0], second[0]);
        Assert.Equal(second, await host.ProcessesAsync(command.EnvironmentId));
        await Eventually.BecomesTrueAsync(async () => (await host.ReplicasAsync(command)).All(replica => replica.Ready));
        Assert.Equal(second, (await host.ReplicasAsync(command)).Select(replica => replica.ProcessId));
    }

    /// <summary>The killed process is then the restarted replica's parent.</summary>
    private static async Task<IReadOnlyList<int>> RestartReplicaInAProcessThatIsThenKilledAsync(EnvManagerHost host, int replica)
    {
        var port = FreePorts.Next();
        using var manager = Start(host, port);
        try
        {
            Signals.Send(replica, Signals.Kill);
            await Eventually.BecomesTrueAsync(async () => await ReplicasAsync(port) is [{ Ready: true }, { Ready: true, Restarts: 1 }]);
            return [.. (await ReplicasAsync(port))!.Select(view => view.ProcessId)];
        }
        finally
        {
            Signals.Send(manager.Id, Signals.Kill);
            await manager.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static Process Start(EnvManagerHost host, int port)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var word in (IEnumerable<string>)
        [
            Path.Combine(AppContext.BaseDirectory, "BlueGreen.EnvManager.dll"), "--urls", $"http://127.0.0.1:{port}",
            "--BlueGreen:DataDirectory", host.DataDirectory, "--BlueGreen:Api:Token", EnvManagerHost.Token,
            "--BlueGreen:EnvManager:WatchInterval", "00:00:00.050", "--Logging:LogLevel:Default", "None",
        ]) start.ArgumentList.Add(word);
        return Process.Start(start)!;
    }

    private static async Task<IReadOnlyList<ReplicaView>?> ReplicasAsync(int port)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", EnvManagerHost.Token);
        try
        {
            return (await client.GetFromJsonAsync<List<EnvironmentView>>("/api/v1/environments", Token))!.Single().Replicas;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
