using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;

namespace BlueGreen.Rollback.Rules;

/// <summary>One endpoint's alarm rules, and who is told, at one revision of its policy.</summary>
internal sealed record EndpointRules(string Endpoint, long Revision, IReadOnlyList<AlarmRule> Alarms)
{
    /// <summary>Who is told of what becomes of the endpoint's alarms.</summary>
    public IReadOnlyList<NotifyRule> Notify { get; init; } = [];

    /// <summary>The rules with keys that stay the same as long as the rule does, whatever else of the policy changes.</summary>
    [JsonIgnore]
    public IReadOnlyList<KeyedRule> Keyed { get; } =
        [.. Alarms.Select(rule => new KeyedRule(BlobDigest.Of(JsonSerializer.SerializeToUtf8Bytes(rule))[..16], rule))];
}

/// <param name="Key">Tells the endpoint's rules apart.</param>
/// <param name="Rule">The rule.</param>
internal sealed record KeyedRule(string Key, AlarmRule Rule);
