using System.Text.Json.Serialization;

namespace BlueGreen.Rollback.Sources;

/// <summary>One alerting system's credentials, and how to read what it sends.</summary>
public sealed class AlarmSourceOptions
{
    /// <summary>Below it, each source has a section of its own name.</summary>
    public const string Section = "BlueGreen:Rollback:Sources";

    /// <summary>Fewest characters of <see cref="Token"/> and <see cref="Secret"/>.</summary>
    public const int MinimumLength = 16;

    /// <summary>
    /// Which format it speaks, e.g. <c>grafana</c> for a second Grafana that is called <c>grafana-eu</c>. Default: the source's own name.
    /// Alarm rules name the format, not the source.
    /// </summary>
    public string Kind { get; set; } = "";

    /// <summary>
    /// What the source presents, at least 16 characters: as <c>Authorization: Bearer …</c>, as the password of basic authentication, in the
    /// header <see cref="TokenHeader"/>, or, where the system can send no headers (SNS, Azure Monitor, Google Cloud), as the query's
    /// <c>token</c>. Empty: no token is asked for, and a source that has no other credential is disabled.
    /// </summary>
    [JsonIgnore]
    public string Token { get; set; } = "";

    /// <summary>Header that carries the bare token, e.g. <c>X-Api-Key</c>. Default: <c>Authorization</c> with a scheme.</summary>
    public string TokenHeader { get; set; } = "";

    /// <summary>User that must come with the token as password of basic authentication. Default: any.</summary>
    public string User { get; set; } = "";

    /// <summary>Secret of the HMAC-SHA256 signature (Grafana, PagerDuty), at least 16 characters. Empty: signatures are not checked.</summary>
    [JsonIgnore]
    public string Secret { get; set; } = "";

    /// <summary>Grafana: the header that its contact point names for the signature. Default: <c>X-Grafana-Alerting-Signature</c>.</summary>
    public string SignatureHeader { get; set; } = "";

    /// <summary>Grafana: the header that its contact point names for the timestamp; then it is part of what is signed. Default: none.</summary>
    public string TimestampHeader { get; set; } = "";

    /// <summary>SNS: the topics whose messages are accepted, by ARN. At least one, or the source is disabled.</summary>
    public IList<string> TopicArns { get; set; } = [];

    /// <summary>
    /// SNS: how old a message may be; an older one is refused, because it may be a signed message that somebody kept. Default: 65 minutes,
    /// a little more than the hour (3,600 s) that SNS goes on repeating a message for.
    /// </summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(65);

    /// <summary>
    /// RFC 6901 pointers to what a custom payload carries, by <c>name</c>, <c>status</c>, <c>labels</c>, <c>startsAt</c>, <c>endsAt</c>,
    /// <c>id</c> and <c>reason</c>. Generic source only.
    /// </summary>
    public IDictionary<string, string> Pointers { get; set; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>With <see cref="Pointers"/>: values of the status that mean firing. Default: <c>firing</c>.</summary>
    public IList<string> FiringValues { get; set; } = [];

    /// <summary>With <see cref="Pointers"/>: values of the status that mean recovered; any other value is no news. Default: <c>resolved</c>.</summary>
    public IList<string> ResolvedValues { get; set; } = [];

    /// <summary>Whether any of the named options is set.</summary>
    internal bool IsSet(IEnumerable<string> names) => names.Any(name => name switch
    {
        nameof(Token) => Token.Length > 0,
        nameof(Secret) => Secret.Length > 0,
        nameof(TopicArns) => TopicArns.Count > 0,
        _ => false,
    });
}
