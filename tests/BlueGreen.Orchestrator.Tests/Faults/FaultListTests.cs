using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Faults;
using BlueGreen.Orchestrator.Tests.Deployments.Fixture;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Orchestrator.Tests.Faults;

public abstract class FaultListTests
{
    /// <summary>The orchestrator on the servers that the tests are about.</summary>
    private protected abstract Task<SagaHost> StartAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Faults_AreListedByFilterAndShownWithTheirMessage()
    {
        await using var host = await StartAsync();
        using var api = host.Operator();
        var (deployment, fault) = await LostPromotionAsync(host, api);

        Assert.Single((JsonArray)await GetAsync(api, $"faults?deployment={deployment}&service=lost&state=open&endpoint=fraud"));
        Assert.Empty((JsonArray)await GetAsync(api, "faults?service=router"));
        var shown = await GetAsync(api, $"faults/{fault}");
        Assert.Equal("it was not to be", (string)shown["fault"]!["exception"]!);
        Assert.Equal(deployment, (Guid)shown["message"]!["message"]!["deploymentId"]!);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await api.GetAsync("faults?state=sad", Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Fault_OfAStaleCommand_IsRefusedAndCanBeDiscarded()
    {
        await using var host = await StartAsync();
        using var api = host.Operator();
        var (_, fault) = await LostPromotionAsync(host, api);
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsJsonAsync($"faults/{fault}/replay", new { }, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await api.PostAsJsonAsync($"faults/{fault}/discard", new { }, Cancelled)).StatusCode);
        var order = new { requestedBy = "ada", reason = "obsolete" };
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsJsonAsync($"faults/{fault}/discard", order, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await api.PostAsJsonAsync($"faults/{fault}/discard", order, Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsJsonAsync($"faults/{fault}/replay", new { }, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Fault_OfAnEvent_IsSentAgainToItsQueueOnce()
    {
        await using var host = await StartAsync();
        using var api = host.Operator();
        var id = await host.PromoteAsync("v1");
        var provisioned = (await host.UntilSaidAsync<ProvisionEnvironment>(id)).Done();
        // As if another service's consumer had given the event up; the saga's queue gets it when it is replayed.
        var fault = await host.FaultAsync(provisioned, "router", "orchestrator-deployment");
        await UntilListedAsync(api, fault);

        var bulk = new { deployment = id, requestedBy = "ada", dryRun = true };
        var dry = await PostAsync(api, "faults/replay", bulk);
        Assert.Equal((1, 1), ((int)dry["matched"]!, ((JsonArray)dry["settled"]!).Count));
        Assert.Equal("Open", (string)(await GetAsync(api, $"faults/{fault}"))["fault"]!["state"]!);

        await PostAsync(api, "faults/replay", new { deployment = id, requestedBy = "ada" });
        Assert.True((bool)(await PostAsync(api, $"faults/{fault}/replay", new { }))["already"]!);
        await host.UntilStateAsync(id, "Warming");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await api.PostAsJsonAsync("faults/replay", new { }, Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Fault_SettledLongAgo_IsForgotten_AnOpenOneNever()
    {
        await using var host = await StartAsync();
        using var api = host.Operator();
        var (deployment, settled) = await LostPromotionAsync(host, api);
        var open = await host.FaultAsync((await host.UntilSaidAsync<ProvisionEnvironment>(deployment)) with { Attempt = 8 }, "lost");
        await UntilListedAsync(api, open);
        await PostAsync(api, $"faults/{settled}/discard", new { requestedBy = "ada", reason = "obsolete" });
        var retention = host.Get<IEnumerable<IHostedService>>().OfType<FaultRetention>().Single();
        await retention.ForgetAsync(Cancelled);
        Assert.Equal(2, ((JsonArray)await GetAsync(api, "faults")).Count);

        await AgeAsync(host, TimeSpan.FromDays(91));
        await retention.ForgetAsync(Cancelled);

        Assert.Equal(open, (Guid)Assert.Single((JsonArray)await GetAsync(api, "faults"))!["id"]!);
    }

    [Theory]
    [InlineData("not base64 at all", "the cause")]
    [InlineData("e30=", "the\0cause")]
    public async Task Fault_ThatCannotBeListedAsItIs_IsListedOnceNevertheless(string body, string exception)
    {
        await using var host = await StartAsync();
        using var api = host.Operator();
        await host.PublishAsync(new MessageFaulted
        {
            FaultId = Guid.NewGuid(),
            Kind = FaultKind.Message,
            Service = "router",
            Queue = "router-switch-traffic",
            MessageType = "SwitchTraffic",
            ContentType = "application/json",
            Body = body,
            Headers = new Dictionary<string, string> { ["odd"] = exception },
            ExceptionType = "E",
            ExceptionMessage = exception,
            FaultedAt = TimeProvider.System.GetUtcNow(),
        });
        await SagaHost.UntilAsync(async () => ((JsonArray)await GetAsync(api, "faults")).Count == 1);
        // Whatever else there would be about it is said with the next one.
        await LostPromotionAsync(host, api);
        Assert.Equal(2, ((JsonArray)await GetAsync(api, "faults")).Count);
    }

    private static async Task<(Guid Deployment, Guid Fault)> LostPromotionAsync(SagaHost host, HttpClient api)
    {
        var id = await host.PromoteAsync("v1");
        var command = await host.UntilSaidAsync<ProvisionEnvironment>(id);
        // A command of an attempt that is over.
        var fault = await host.FaultAsync(command with { Attempt = 7 }, "lost");
        await UntilListedAsync(api, fault);
        return (id, fault);
    }

    private static Task<bool> AgeAsync(SagaHost host, TimeSpan by) => host.Store.WriteAsync(
        async (transaction, token) =>
        {
            foreach (var fault in await transaction.Db.Faults.ToListAsync(token))
            {
                transaction.Db.Entry(fault).Property(row => row.FaultedAt).CurrentValue -= by;
                fault.SettledAt -= by;
            }

            return true;
        },
        Cancelled);

    private static Task UntilListedAsync(HttpClient api, Guid fault) => SagaHost.UntilAsync(async () =>
    {
        using var response = await api.GetAsync($"faults/{fault}", Cancelled);
        return response.IsSuccessStatusCode;
    });

    private static async Task<JsonNode> GetAsync(HttpClient api, string path) => JsonNode.Parse(await api.GetStringAsync(path, Cancelled))!;

    private static async Task<JsonNode> PostAsync(HttpClient api, string path, object body)
    {
        using var response = await api.PostAsJsonAsync(path, body, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }
}
