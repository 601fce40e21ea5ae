using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace BlueGreen.Rollback.Notifying;

/// <summary>One target of notifications. Policies know its name only: addresses such as a chat's webhook are secrets.</summary>
public sealed partial class NotifyTargetOptions
{
    /// <summary>Below it, each target has a section of its own name.</summary>
    public const string Section = "BlueGreen:Rollback:Targets";

    /// <summary><c>webhook</c> (signed JSON), <c>slack</c> (any chat that takes Slack's <c>{"text": …}</c>) or <c>email</c>.</summary>
    [RegularExpression("^(webhook|slack|email)$")]
    public string Kind { get; set; } = "webhook";

    /// <summary>Where a webhook or chat message is posted to; http or https.</summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// Webhook: secret of the signature <c>X-BlueGreen-Signature: sha256=…</c>, the hexadecimal HMAC-SHA256 of delivery id, dot, timestamp, dot
    /// and body. Empty: not signed.
    /// </summary>
    public string Secret { get; set; } = "";

    /// <summary>Mail: who gets it.</summary>
    public IList<string> To { get; set; } = [];

    /// <summary>Mail: the subject, with <c>{placeholders}</c>.</summary>
    public string Subject { get; set; } = "[{event}] {endpoint}: {version}";

    /// <summary>
    /// The text of mails and chats, or the JSON of a webhook, with placeholders: <c>{event}</c>, <c>{endpoint}</c>, <c>{deployment}</c>,
    /// <c>{version}</c>, <c>{text}</c>, <c>{reason}</c>, <c>{requestedBy}</c>, <c>{at}</c>, <c>{urgency}</c>; in JSON within quotes. Null: the
    /// version and what happened to it; to a webhook, the notification with all its fields.
    /// </summary>
    public string? Template { get; set; }

    /// <summary>The text of mails and chats.</summary>
    internal string TextTemplate => Template ?? "{urgency}{endpoint} {version}: {text}";

    /// <summary>What is wrong with it; null when it can be used.</summary>
    internal string? Problem(SmtpOptions smtp)
    {
        if (UnknownPlaceholder() is { } unknown)
            return $"the placeholder {unknown} is unknown; known are {string.Join(", ", NotificationText.Placeholders.Select(name => $"{{{name}}}"))}";
        return Kind switch
        {
            "email" when To.Count == 0 => "To is empty: say who gets the mail",
            "email" when smtp.Host.Length == 0 => $"{SmtpOptions.Section}:{nameof(SmtpOptions.Host)} is not set",
            "email" => null,
            "webhook" when Template is { } template && !NotificationText.IsJson(template) => "Template must be JSON, with its placeholders within quotes",
            "webhook" or "slack" => Url is { IsAbsoluteUri: true, Scheme: "http" or "https" } ? null : "Url must be an absolute http or https address",
            _ => "Kind must be webhook, slack or email",
        };
    }

    private string? UnknownPlaceholder() => PlaceholderRegex().Matches(Subject + Template)
        .Select(match => match.Value).FirstOrDefault(found => !NotificationText.Placeholders.Contains(found[1..^1]));

    [GeneratedRegex(@"\{[A-Za-z]+\}")]
    private static partial Regex PlaceholderRegex();
}
