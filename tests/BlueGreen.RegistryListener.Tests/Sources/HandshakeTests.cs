using System.Text.Json.Nodes;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests.Sources;

public sealed class HandshakeTests(ListenerHost host) : IClassFixture<ListenerHost>
{
    [Fact]
    public async Task EventGrid_AsksForItsCodeBack_GetsItWith200()
    {
        var body = new JsonArray(new JsonObject
        {
            ["id"] = "2d17",
            ["eventType"] = "Microsoft.EventGrid.SubscriptionValidationEvent",
            ["data"] = new JsonObject { ["validationCode"] = "512d38b6" },
        });
        var webhook = Sending.Signed("azureml", body);
        var reply = await host.SendAsync(webhook with { Headers = new Dictionary<string, string> { ["aeg-event-type"] = "SubscriptionValidation" } });

        Assert.Equal((200, "512d38b6"), (reply.Status, reply.Json.GetProperty("validationResponse").GetString()));
        Assert.Empty(await host.DeliveriesOfAsync("azureml"));
        Assert.Equal(401, (await host.SendAsync(webhook with { Query = "" })).Status);
    }

    [Fact]
    public async Task CloudEventsSender_AsksWhetherItMaySend_IsAllowed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "webhooks/azureml");
        request.Headers.Add("WebHook-Request-Origin", "eventgrid.azure.net");
        request.Headers.Add("WebHook-Request-Rate", "120");
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("eventgrid.azure.net", Assert.Single(response.Headers.GetValues("WebHook-Allowed-Origin")));
        Assert.Equal("120", Assert.Single(response.Headers.GetValues("WebHook-Allowed-Rate")));
    }

    [Fact]
    public async Task CloudEvent_InBinaryMode_IsReadFromItsHeaders()
    {
        var (structured, _) = Samples.Promotion("cloudevents", "fraud", "77", "id-77", TimeProvider.System.GetUtcNow());
        var webhook = Sending.Signed("cloudevents", structured["data"]!);
        var binary = webhook with
        {
            Headers = new Dictionary<string, string>(webhook.Headers)
            {
                ["ce-specversion"] = "1.0",
                ["ce-id"] = "%E2%82%AC-77",
                ["ce-source"] = "/registry",
                ["ce-type"] = "com.example.promoted",
            },
        };

        Assert.Equal(202, (await host.SendAsync(binary)).Status);
        Assert.Contains(await host.DeliveriesOfAsync("cloudevents"), row => row.DeliveryId == "/registry €-77");
        var untyped = new Dictionary<string, string>(binary.Headers);
        untyped.Remove("ce-type");
        var reply = await host.SendAsync(binary with { Headers = untyped });
        Assert.Equal((422, "ce-type"), (reply.Status, reply.Field));
    }

    [Fact]
    public async Task CloudEvents_InABatch_EachGetItsAnswer()
    {
        var now = TimeProvider.System.GetUtcNow();
        var (good, _) = Samples.Promotion("cloudevents", "fraud", "78", "batch-1", now);
        var batch = new JsonArray(good, new JsonObject { ["specversion"] = "1.0", ["id"] = "batch-2" }, good.DeepClone());

        var reply = await host.SendAsync("cloudevents", batch, "application/cloudevents-batch+json");

        Assert.Equal(202, reply.Status);
        var results = reply.Json.GetProperty("results").EnumerateArray().ToList();
        Assert.False(results[0].GetProperty("accepted").GetProperty("duplicate").GetBoolean());
        Assert.Contains("source", results[1].GetProperty("ignored").GetString(), StringComparison.Ordinal);
        Assert.True(results[2].GetProperty("accepted").GetProperty("duplicate").GetBoolean());
    }
}
