using System.Security.Cryptography;
using System.Text;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Stories;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Demo.Tests.Stories;

public sealed class SignedWebhookTests
{
    private const string Secret = "a secret of the registry";
    private static readonly ModelRelease Release = new("fraud", "2", "fraud-v2.zip", new string('a', 64), "");

    [Fact]
    public async Task Promotion_IsSigned_AndTheSameDeliveryIsRepeatedUntilItIsStored()
    {
        var id = Guid.NewGuid();
        var deliveries = new List<string>();
        await using var server = await StubServer.StartAsync(async context =>
        {
            var headers = context.Request.Headers;
            using var reader = new StreamReader(context.Request.Body);
            var signed = $"{headers["X-BlueGreen-Delivery"]}.{headers["X-BlueGreen-Timestamp"]}.{await reader.ReadToEndAsync(context.RequestAborted)}";
            var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed));
            deliveries.Add(headers["X-BlueGreen-Delivery"].ToString());
            var right = headers["X-BlueGreen-Signature"] == $"sha256={Convert.ToHexStringLower(signature)}";
            context.Response.StatusCode = !right ? 401 : deliveries.Count == 1 ? 503 : 202;
            await context.Response.WriteAsync($$"""{"deploymentId":"{{id}}"}""", context.RequestAborted);
        });
        using var http = new HttpClient();

        var deployment = await new SignedWebhook(http, server.Address, Secret, TimeProvider.System)
            .PromoteAsync(Release, "/models/fraud-v2.zip", TestContext.Current.CancellationToken);

        Assert.Equal(id, deployment);
        Assert.Equal(2, deliveries.Count);
        Assert.Single(deliveries.Distinct());
    }

    [Fact]
    public async Task Promotion_Refused_EndsTheDemoWithTheAnswer()
    {
        await using var server = await StubServer.StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("""{"field":"X-BlueGreen-Signature"}""", context.RequestAborted);
        });
        using var http = new HttpClient();

        var failure = await Assert.ThrowsAsync<DemoException>(() => new SignedWebhook(http, server.Address, Secret, TimeProvider.System)
            .PromoteAsync(Release, "/models/fraud-v2.zip", TestContext.Current.CancellationToken));

        Assert.Contains("X-BlueGreen-Signature", failure.Message, StringComparison.Ordinal);
    }
}
