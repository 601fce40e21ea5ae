using System.Globalization;
using System.Text.Json;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Fills templates in.</summary>
internal static class NotificationText
{
    public static IReadOnlyList<string> Placeholders { get; } =
        ["event", "endpoint", "deployment", "version", "text", "reason", "requestedBy", "at", "urgency"];

    public static string Fill(string template, Notification notification) => Fill(template, notification, text => text);

    private static string Fill(string template, Notification notification, Func<string, string> write) =>
        Placeholders.Aggregate(template, (text, name) => text.Contains('{', StringComparison.Ordinal)
            ? Replace(text, name, notification, write)
            : text);

    /// <summary>As <see cref="Fill(string, Notification)"/>, for placeholders within the quotes of JSON.</summary>
    public static string FillJson(string template, Notification notification) => Fill(template, notification, Escaped);

    /// <summary>True when the template is JSON, whatever its placeholders stand for.</summary>
    public static bool IsJson(string template)
    {
        try
        {
            using var document = JsonDocument.Parse(Placeholders.Aggregate(template, (text, name) => text.Replace($"{{{name}}}", "text", StringComparison.Ordinal)));
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static string Escaped(string text) => JsonEncodedText.Encode(text).ToString();

    // One pass per placeholder would fill in placeholders of outside text too: braces of values are taken out first.
    private static string Replace(string text, string name, Notification notification, Func<string, string> write) =>
        text.Replace($"{{{name}}}", write(ValueOf(name, notification).Replace('{', '(').Replace('}', ')')), StringComparison.Ordinal);

    private static string ValueOf(string name, Notification notification) => name switch
    {
        "event" => notification.Event,
        "endpoint" => notification.Endpoint,
        "deployment" => notification.DeploymentId?.ToString() ?? "no deployment",
        "version" => notification.Version ?? "",
        "text" => notification.Text,
        "reason" => notification.Reason ?? "",
        "requestedBy" => notification.RequestedBy ?? "",
        "at" => notification.At.ToString("u", CultureInfo.InvariantCulture),
        "urgency" => notification.IsUrgent ? "URGENT: " : "",
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
