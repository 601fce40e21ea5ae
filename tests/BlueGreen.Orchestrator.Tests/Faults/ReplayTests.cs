using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Faults;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Tests.Faults;

public abstract class ReplayTests
{
    /// <summary>The orchestrator on the servers that the tests are about.</summary>
    private protected abstract Task<SagaHost> StartAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Replay_OfAFaultedStage_StartsANewAttemptThatGoesOnToTheEnd()
    {
        await using var host = await StartAsync();
        var id = await UntilFaultedInWarmingAsync(host);
        using var api = host.Operator();

        var answer = await PostAsync(api, $"deployments/{id}/replay", new { requestedBy = "ada", reason = "the node is back" });
        Assert.Equal(("Warming", 2, false), ((string)answer["stage"]!, (int)answer["attempt"]!, (bool)answer["already"]!));
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id, attempt: 2)).Done());
        await host.PublishAsync((await host.UntilSaidAsync<ValidateEnvironment>(id)).Done());
        await host.UntilSaidAsync<SwitchTraffic>(id);

        var history = await host.Store.ReadAsync((db, token) => db.History.Where(row => row.DeploymentId == id).ToListAsync(token), Cancelled);
        var replayed = Assert.Single(history, row => row.Kind == "replayed");
        Assert.Equal("ada", replayed.Actor);
        Assert.Contains("the node is back", replayed.Summary, StringComparison.Ordinal);
        var fault = Assert.Single(await FaultsAsync(host));
        Assert.Equal((FaultState.Replayed, "ada", "Warming"), (fault.State, fault.SettledBy, fault.Stage));
    }

    [Fact]
    public async Task Replay_Twice_IsOnceAndAnswersTheSame()
    {
        await using var host = await StartAsync();
        var id = await UntilFaultedInWarmingAsync(host);
        using var api = host.Operator();

        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(api, $"deployments/{id}/replay", new { requestedBy = "ada" })));
        await host.UntilStateAsync(id, "Warming");
        var fault = Assert.Single(await FaultsAsync(host));
        var again = await PostAsync(api, $"faults/{fault.Id}/replay", new { requestedBy = "bob" });
        var later = await PostAsync(api, $"deployments/{id}/replay", new { requestedBy = "bob" });

        Assert.All(together.Append(later), one => Assert.Equal(("Warming", 2), ((string)one["stage"]!, (int)one["attempt"]!)));
        Assert.True((bool)again["already"]! && (bool)later["already"]!);
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id, attempt: 2)).Done());
        await host.UntilSaidAsync<ValidateEnvironment>(id);
        Assert.Equal([1, 2], host.Transcript.Of<WarmEnvironment>(id).Select(command => command.Attempt));
    }

    [Fact]
    public async Task Replay_FromAnEarlierStage_GivesEveryLaterStageANewAttempt()
    {
        await using var host = await StartAsync();
        var id = await UntilFaultedInWarmingAsync(host);
        using var api = host.Operator();
        await PostAsync(api, $"deployments/{id}/replay", new { from = "Provisioning" });
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id, attempt: 2)).Done());
        // The number that the first attempt had would be a repetition to the prewarmer, and never be answered.
        await host.PublishAsync((await host.UntilSaidAsync<WarmEnvironment>(id, attempt: 2)).Done());
        await host.UntilStateAsync(id, "Validating");
    }

    [Theory]
    [InlineData("Validating", "I2")]
    [InlineData("Switching", "I2")]
    [InlineData("Baking", "I2")]
    [InlineData("nonsense", "I2")]
    public async Task Replay_FromAStageWhosePredecessorHasNotPassed_IsRefused(string from, string reason)
    {
        await using var host = await StartAsync();
        var id = await UntilFaultedInWarmingAsync(host);
        using var api = host.Operator();
        await AssertRefusedAsync(api, $"deployments/{id}/replay", new { from }, reason);
        Assert.Empty(host.Transcript.Of<SwitchTraffic>(id));
        Assert.Equal("Faulted", (await host.FindAsync(id))!.CurrentState);
    }

    [Fact]
    public async Task Replay_OfADeploymentThatIsNotFaulted_IsRefused()
    {
        await using var host = await StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.UntilStateAsync(id, "Provisioning");
        using var api = host.Operator();
        await AssertRefusedAsync(api, $"deployments/{id}/replay", new { }, "Provisioning");
        using var missing = await api.PostAsJsonAsync($"deployments/{Guid.NewGuid()}/replay", new { }, Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Replay_AfterAVeto_IsRefused()
    {
        await using var host = await StartAsync();
        var id = await UntilFaultedInWarmingAsync(host);
        var fault = Assert.Single(await FaultsAsync(host));
        await host.PublishAsync(new TrafficReverted
        {
            DeploymentId = id,
            Endpoint = SagaHost.Endpoint,
            Epoch = 1,
            Reason = "alarm",
            RequestedBy = "alertmanager",
            RevertedAt = TimeProvider.System.GetUtcNow(),
        });
        await host.UntilStateAsync(id, "RollingBack");
        using var api = host.Operator();
        await AssertRefusedAsync(api, $"deployments/{id}/replay", new { from = "Warming" }, "RollingBack");
        await AssertRefusedAsync(api, $"faults/{fault.Id}/replay", new { }, "RollingBack");
    }

    [Fact]
    public async Task Replay_WhileAnotherHoldsTheSlot_IsRefused()
    {
        await using var host = await StartAsync();
        var id = await UntilFaultedInWarmingAsync(host);
        var other = Guid.NewGuid();
        await host.Store.WriteAsync(async (transaction, token) =>
        {
            (await transaction.Db.LockEndpointAsync(SagaHost.Endpoint, token))!.HolderDeploymentId = other;
            return true;
        }, Cancelled);
        using var api = host.Operator();
        await AssertRefusedAsync(api, $"deployments/{id}/replay", new { }, other.ToString());
    }

    [Fact]
    public async Task Provisioning_GivenUp_UsesThePolicysAttemptsAndThenFaults()
    {
        await using var host = await StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.FaultAsync(await host.UntilSaidAsync<ProvisionEnvironment>(id));
        await host.FaultAsync(await host.UntilSaidAsync<ProvisionEnvironment>(id, attempt: 2));
        await host.UntilStateAsync(id, "Faulted");
        using var api = host.Operator();
        var answer = await PostAsync(api, $"deployments/{id}/replay", new { });
        Assert.Equal(("Provisioning", 3), ((string)answer["stage"]!, (int)answer["attempt"]!));
        await host.UntilSaidAsync<ProvisionEnvironment>(id, attempt: 3);
    }

    [Fact]
    public async Task Replay_OfARevertThatWasGivenUp_AsksForItAgainOnce()
    {
        await using var host = await StartAsync();
        var id = await host.PromoteAsync("v1");
        await host.UntilBakingAsync(id);
        var fault = await host.FaultWorkAsync("rollback", "RevertTraffic", new
        {
            deploymentId = id,
            endpoint = SagaHost.Endpoint,
            reason = "errors",
            requestedBy = "bake",
        });
        using var api = host.Operator();
        await SagaHost.UntilAsync(async () => (await FaultsAsync(host)).Count == 1);

        await PostAsync(api, $"faults/{fault}/replay", new { requestedBy = "ada", reason = "the token is right now" });
        Assert.True((bool)(await PostAsync(api, $"faults/{fault}/replay", new { requestedBy = "bob" }))["already"]!);

        var asked = await host.UntilSaidAsync<RollbackRequested>(id);
        Assert.Equal((SagaHost.Endpoint, "ada", "the token is right now"), (asked.Endpoint, asked.RequestedBy, asked.Reason));
        await host.UntilStateAsync(id, "RollingBack");
        Assert.Single(host.Transcript.Of<RollbackRequested>(id));
    }

    private static async Task<Guid> UntilFaultedInWarmingAsync(SagaHost host)
    {
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.FaultAsync(await host.UntilSaidAsync<WarmEnvironment>(id));
        await host.UntilStateAsync(id, "Faulted");
        return id;
    }

    private static async Task<JsonNode> PostAsync(HttpClient api, string path, object body)
    {
        using var response = await api.PostAsJsonAsync(path, body, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task AssertRefusedAsync(HttpClient api, string path, object body, string reason)
    {
        using var response = await api.PostAsJsonAsync(path, body, Cancelled);
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains(reason, await response.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private static Task<List<FaultRow>> FaultsAsync(SagaHost host) =>
        host.Store.ReadAsync((db, token) => db.Faults.ToListAsync(token), Cancelled);
}
