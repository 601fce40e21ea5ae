using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Rollback.Notifying;

/// <summary>The mail server that notifications are handed to.</summary>
public sealed class SmtpOptions
{
    public const string Section = "BlueGreen:Rollback:Smtp";

    /// <summary>Empty: no mail can be sent.</summary>
    public string Host { get; set; } = "";

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    /// <summary><c>starttls</c> (required), <c>tls</c> (from the first byte) or <c>none</c>. Default: <c>starttls</c>.</summary>
    [RegularExpression("^(starttls|tls|none)$")]
    public string Security { get; set; } = "starttls";

    /// <summary>Empty: no login.</summary>
    public string User { get; set; } = "";
    public string Password { get; set; } = "";

    /// <summary>The sender's address.</summary>
    public string From { get; set; } = "bluegreen@localhost";

    /// <summary>Longest time for handing one mail over. Default: 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:02:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);
}
