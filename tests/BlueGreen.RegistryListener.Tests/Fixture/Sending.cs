using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using BlueGreen.Bench.Webhooks.Traffic;

namespace BlueGreen.RegistryListener.Tests.Fixture;

/// <summary>Puts webhooks of any source on the wire.</summary>
internal static class Sending
{
    public static Task<Reply> SendAsync(this ListenerHost host, SentWebhook webhook) => Reply.FromAsync(host.Client, ToRequest(webhook));

    public static Task<Reply> SendAsync(
        this ListenerHost host, string source, JsonNode body, string contentType = "application/json", string? delivery = null) =>
        host.SendAsync(Signed(source, body, contentType, delivery));

    public static SentWebhook Signed(string source, JsonNode body, string contentType = "application/json", string? delivery = null) =>
        SentWebhook.Signed(
            source, Encoding.UTF8.GetBytes(body.ToJsonString()), TimeProvider.System.GetUtcNow(), contentType, delivery,
            source == "generic" ? ListenerHost.Secret : null);

    public static HttpRequestMessage ToRequest(SentWebhook webhook)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"webhooks/{webhook.Source}{webhook.Query}") { Content = new ByteArrayContent(webhook.Body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(webhook.ContentType);
        foreach (var (name, value) in webhook.Headers) request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
