using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlueGreen.RegistryListener.Tests.Fixture;

/// <summary>A webhook of the generic source: correct unless a test says otherwise.</summary>
internal sealed record Webhook
{
    public string Delivery { get; init; } = Guid.NewGuid().ToString();
    public DateTimeOffset At { get; init; } = TimeProvider.System.GetUtcNow();
    public byte[] Body { get; init; } = Encoding.UTF8.GetBytes(Promotion().ToJsonString());
    public string Secret { get; init; } = ListenerHost.Secret;
    public string? Signature { get; init; }
    public string? ContentType { get; init; } = "application/json";

    public static JsonObject Promotion(string stage = ListenerHost.Stage) => new()
    {
        ["model"] = "fraud",
        ["version"] = "7",
        ["stage"] = stage,
        ["artifact"] = new JsonObject { ["uri"] = "https://registry.example/fraud-7.zip", ["sha256"] = new string('a', 64) },
        ["promotedBy"] = "ada@example.com",
    };

    public static Webhook Of(JsonNode body) => OfText(body.ToJsonString());

    public static Webhook OfText(string body) => new() { Body = Encoding.UTF8.GetBytes(body) };

    public HttpRequestMessage ToRequest()
    {
        var timestamp = At.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, "webhooks/generic") { Content = new ByteArrayContent(Body) };
        if (ContentType is not null) request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        request.Headers.TryAddWithoutValidation("X-BlueGreen-Delivery", Delivery);
        request.Headers.TryAddWithoutValidation("X-BlueGreen-Timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("X-BlueGreen-Signature", Signature ?? Sign($"{Delivery}.{timestamp}."));
        return request;
    }

    private string Sign(string prefix) => "sha256=" + Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(prefix).Concat(Body).ToArray()));
}

/// <summary>What came back.</summary>
internal sealed record Reply(int Status, JsonElement Json, HttpResponseHeaders Headers)
{
    public string? Field => Json.TryGetProperty("field", out var name) ? name.GetString() : null;

    public static async Task<Reply> FromAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            var json = text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
            if ((int)response.StatusCode >= 400) Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            return new Reply((int)response.StatusCode, json, response.Headers);
        }
    }
}
