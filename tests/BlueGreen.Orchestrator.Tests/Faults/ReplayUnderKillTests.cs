using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Faults;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;
using BlueGreen.Testing.Containers;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace BlueGreen.Orchestrator.Tests.Faults;

/// <summary>The orchestrator is killed between the request of a replay and its effect; the operator, who may not have heard, asks again.</summary>
public sealed class ReplayUnderKillTests(PostgreSqlServer postgres, RabbitMqServer rabbitMq)
{
    private static readonly object Order = new { requestedBy = "ada", reason = "the node is back" };
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnServers_KilledAfterTheAnswerAndBeforeTheSagaHeard_HappensOnce()
    {
        await using var host = await Servers.StartAsync(postgres, rabbitMq);
        var id = await UntilFaultedAsync(host);
        await host.StopAsync();
        using (var orchestrator = await OrchestratorProcess.StartAsync(host.Settings))
        {
            // The saga cannot take the order up while its row is held.
            await using var source = NpgsqlDataSource.Create(host.Settings["BlueGreen:Database:ConnectionString"]!);
            await using var connection = await source.OpenConnectionAsync(Cancelled);
            await using var held = await connection.BeginTransactionAsync(Cancelled);
            await using var hold = new NpgsqlCommand("SELECT 1 FROM orchestrator.deployments WHERE correlation_id = $1 FOR UPDATE", connection, held);
            hold.Parameters.AddWithValue(id);
            await hold.ExecuteNonQueryAsync(Cancelled);
            using var answer = await orchestrator.Operator.PostAsJsonAsync($"deployments/{id}/replay", Order, Cancelled);
            Assert.True(answer.IsSuccessStatusCode);
            await orchestrator.KillAsync();
        }

        await host.RunAsync();
        await AssertOnceAsync(host, id);
        await host.UntilSaidAsync<WarmEnvironment>(id, attempt: 2);
        Assert.Equal([1, 2], host.Transcript.Of<WarmEnvironment>(id).Select(command => command.Attempt));
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(true, 15)]
    [InlineData(false, 3)]
    [InlineData(false, 15)]
    [InlineData(false, int.MaxValue)]
    public async Task KilledWhileTheRequestIsHandled_HappensOnceWhenItIsRepeated(bool isOnServers, int milliseconds)
    {
        await using var host = isOnServers ? await Servers.StartAsync(postgres, rabbitMq) : await SagaHost.StartAsync();
        var id = await UntilFaultedAsync(host);
        await host.StopAsync();
        using (var orchestrator = await OrchestratorProcess.StartAsync(host.Settings))
        {
            var asked = orchestrator.Operator.PostAsJsonAsync($"deployments/{id}/replay", Order, Cancelled);
            if (milliseconds == int.MaxValue) await asked;
            else await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, Cancelled);
            await orchestrator.KillAsync();
            await Task.WhenAny(asked);
        }

        await host.RunAsync();
        using var api = host.Operator();
        using var again = await api.PostAsJsonAsync($"deployments/{id}/replay", Order, Cancelled);
        var answer = JsonNode.Parse(await again.Content.ReadAsStringAsync(Cancelled))!;
        Assert.Equal(("Warming", 2), ((string?)answer["stage"], (int?)answer["attempt"]));
        await AssertOnceAsync(host, id);
    }

    private static async Task AssertOnceAsync(SagaHost host, Guid id)
    {
        var row = await host.UntilStateAsync(id, "Warming");
        Assert.Equal([1, 2], row.Stages.Where(record => record.Stage == "Warming").Select(record => record.Attempt));
        // Whatever else was ordered is heard before this.
        await host.PublishAsync(new EnvironmentWarmed { DeploymentId = id, Attempt = 2, Replicas = [] });
        row = await host.UntilStateAsync(id, "Validating");
        Assert.Equal(2, row.Stages.Count(record => record.Stage == "Warming"));
        Assert.Equal(["ada"], await host.HistoryAsync(id, "replayed", entry => entry.Actor));
        var fault = Assert.Single(await host.Store.ReadAsync((db, token) => db.Faults.ToListAsync(token), Cancelled));
        Assert.Equal((FaultState.Replayed, "ada"), (fault.State, fault.SettledBy));
    }

    private static async Task<Guid> UntilFaultedAsync(SagaHost host)
    {
        var id = await host.PromoteAsync("v1");
        await host.PublishAsync((await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done());
        await host.FaultAsync(await host.UntilSaidAsync<WarmEnvironment>(id));
        await host.UntilStateAsync(id, "Faulted");
        return id;
    }
}
