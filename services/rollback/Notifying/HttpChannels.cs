using System.Globalization;
using System.Text;
using System.Text.Json;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Posts notifications as JSON, signed where the target has a secret.</summary>
internal sealed class WebhookChannel(IHttpClientFactory clients, TimeProvider clock) : INotifyChannel
{
    public const string ClientName = "rollback-notify";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string Kind => "webhook";

    public async Task SendAsync(NotificationDelivery delivery, NotifyTargetOptions target, CancellationToken cancellationToken)
    {
        var body = target.Template is { } template
            ? Encoding.UTF8.GetBytes(NotificationText.FillJson(template, delivery.Notification))
            : JsonSerializer.SerializeToUtf8Bytes(delivery.Notification, Json);
        using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("X-BlueGreen-Delivery", delivery.Id);
        request.Headers.Add("X-BlueGreen-Timestamp", timestamp);
        if (target.Secret.Length > 0)
        {
            var signature = WebhookSignature.Compute(target.Secret, $"{delivery.Id}.{timestamp}.", body);
            request.Headers.Add("X-BlueGreen-Signature", $"sha256={Convert.ToHexStringLower(signature)}");
        }

        using var client = clients.CreateClient(ClientName);
        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}

/// <summary>Posts <c>{"text": …}</c>, which Slack and the chats that imitate it understand.</summary>
internal sealed class SlackChannel(IHttpClientFactory clients) : INotifyChannel
{
    public string Kind => "slack";

    public async Task SendAsync(NotificationDelivery delivery, NotifyTargetOptions target, CancellationToken cancellationToken)
    {
        // Slack's own marks: whatever an alarm's text says must not mention a channel or pose as a link.
        var text = NotificationText.Fill(target.TextTemplate, delivery.Notification)
            .Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);
        using var client = clients.CreateClient(WebhookChannel.ClientName);
        using var response = await client.PostAsJsonAsync(target.Url, new { text }, cancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
