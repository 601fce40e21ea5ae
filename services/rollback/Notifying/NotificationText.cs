using System.Globalization;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Fills templates in.</summary>
internal static class NotificationText
{
    public static IReadOnlyList<string> Placeholders { get; } =
        ["event", "endpoint", "deployment", "version", "text", "reason", "requestedBy", "at", "urgency"];

    public static string Fill(string template, Notification notification) =>
        Placeholders.Aggregate(template, (text, name) => text.Contains('{', StringComparison.Ordinal)
            ? Replace(text, name, notification)
            : text);

    // One pass per placeholder would fill in placeholders of outside text too: braces of values are taken out first.
    private static string Replace(string text, string name, Notification notification) =>
        text.Replace($"{{{name}}}", ValueOf(name, notification).Replace('{', '(').Replace('}', ')'), StringComparison.Ordinal);

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
