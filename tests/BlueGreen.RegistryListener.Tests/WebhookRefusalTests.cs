using System.Text.Json.Nodes;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests;

public sealed class WebhookRefusalTests(ListenerHost host) : IClassFixture<ListenerHost>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    private async Task RefusedAsync(Webhook webhook, int status, string? field)
    {
        var before = await host.DeliveriesAsync();
        var reply = await Reply.FromAsync(host.Client, webhook.ToRequest());
        Assert.Equal((status, field), (reply.Status, reply.Field));
        Assert.Equal(before, await host.DeliveriesAsync());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"model\":\"fraud\"} trailing")]
    [InlineData("{\"model\":NaN}")]
    public Task Body_Malformed_Is400(string body) => RefusedAsync(Webhook.OfText(body), 400, "body");

    [Fact]
    public Task Body_TooDeep_Is400() => RefusedAsync(Webhook.OfText(new string('[', 200) + new string(']', 200)), 400, "body");

    [Fact]
    public Task Body_NotUtf8_Is400() => RefusedAsync(new Webhook { Body = [(byte)'"', 0xC3, 0x28, (byte)'"'] }, 400, "body");

    [Fact]
    public Task Body_NoObject_Is422() => RefusedAsync(Webhook.OfText("[]"), 422, "body");

    [Fact]
    public Task Body_Oversized_Is413() => RefusedAsync(new Webhook { Body = new byte[1024 * 1024 + 1] }, 413, "body");

    [Fact]
    public async Task Body_OversizedWithoutALength_Is413()
    {
        var request = new Webhook { Body = new byte[1024 * 1024 + 1] }.ToRequest();
        request.Headers.TransferEncodingChunked = true;
        Assert.Equal(413, (await Reply.FromAsync(host.Client, request)).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData(null)]
    public Task Body_NotJson_Is415(string? type) => RefusedAsync(new Webhook { ContentType = type }, 415, "Content-Type");

    [Theory]
    [InlineData("")]
    [InlineData("sha256=")]
    [InlineData("sha256=zz")]
    [InlineData("md5=00")]
    [InlineData("sha256=0000000000000000000000000000000000000000000000000000000000000000")]
    public Task Signature_MissingOrWrong_Is401(string signature) =>
        RefusedAsync(new Webhook { Signature = signature }, 401, "X-BlueGreen-Signature");

    [Fact]
    public Task Signature_OfAnotherSecret_Is401() =>
        RefusedAsync(new Webhook { Secret = "another secret altogether" }, 401, "X-BlueGreen-Signature");

    [Theory]
    [InlineData(-301)]
    [InlineData(302)]
    [InlineData(-86400 * 365)]
    public Task Timestamp_OutsideOfTheWindow_Is401(int seconds) =>
        RefusedAsync(new Webhook { At = Now.AddSeconds(seconds) }, 401, "X-BlueGreen-Timestamp");

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("brace{")]
    public Task Delivery_MissingOrStrange_Is401(string delivery) =>
        RefusedAsync(new Webhook { Delivery = delivery }, 401, "X-BlueGreen-Delivery");

    [Fact]
    public Task Delivery_TooLong_Is401() => RefusedAsync(new Webhook { Delivery = new string('x', 129) }, 401, "X-BlueGreen-Delivery");

    [Theory]
    [InlineData("model")]
    [InlineData("version")]
    [InlineData("stage")]
    [InlineData("artifact")]
    [InlineData("artifact.uri")]
    [InlineData("artifact.sha256")]
    public async Task Field_MissingOrOfTheWrongKind_Is422WithItsPath(string path)
    {
        foreach (var value in new JsonNode?[] { null, 7, "", " ", true, "a\u0000b", new string('x', 4000), new JsonArray() })
        {
            await RefusedAsync(With(path, value), 422, path);
        }
    }

    [Theory]
    [InlineData("model", "../../etc/passwd")]
    [InlineData("model", "fr aud")]
    [InlineData("version", "7/8")]
    [InlineData("version", "-7")]
    [InlineData("endpoint", "unheard-of")]
    [InlineData("endpoint", "/fraud")]
    [InlineData("artifact.sha256", "abc")]
    [InlineData("artifact.sha256", "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("artifact.uri", "fraud-7.zip")]
    [InlineData("artifact.uri", "/models/fraud-7.zip")]
    [InlineData("artifact.uri", "gopher://registry.example/fraud")]
    [InlineData("artifact.uri", "javascript:alert(1)")]
    [InlineData("artifact.uri", "https://user:password@registry.example/fraud")]
    public Task Field_WithAForbiddenValue_Is422WithItsPath(string path, string value) => RefusedAsync(With(path, value), 422, path);

    [Theory]
    [InlineData("stages")]
    [InlineData("artifact.sha512")]
    [InlineData("Model")]
    public Task Field_Unknown_Is422WithItsPath(string path) => RefusedAsync(With(path, "x"), 422, path);

    [Theory]
    [InlineData("""{"model":"fraud","model":"other","version":"7","stage":"s","artifact":{}}""", "model")]
    [InlineData("""{"model":"fraud","version":"7","stage":"s","artifact":{"uri":"https://a.example/","uri":"https://b.example/"}}""", "artifact.uri")]
    [InlineData("""{"model":"fraud","mod\u0065l":"other"}""", "model")]
    public Task Field_Twice_Is422WithItsPath(string body, string field) => RefusedAsync(Webhook.OfText(body), 422, field);

    [Theory]
    [InlineData("""{"model":"\ud800"}""", "model")]
    [InlineData("""{"\ud800":1}""", "?")]
    public Task Text_ThatIsNoUnicode_Is422(string body, string field) => RefusedAsync(Webhook.OfText(body), 422, field);

    [Fact]
    public async Task Source_Unknown_Is404()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "webhooks/nobody");
        Assert.Equal(404, (await Reply.FromAsync(host.Client, request)).Status);
    }

    private static Webhook With(string path, JsonNode? value)
    {
        var body = Webhook.Promotion();
        var steps = path.Split('.');
        var parent = steps.Length == 1 ? body : body[steps[0]]!.AsObject();
        parent[steps[^1]] = value;
        return Webhook.Of(body);
    }
}
