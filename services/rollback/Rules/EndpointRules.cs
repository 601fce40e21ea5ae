using BlueGreen.Contracts;

namespace BlueGreen.Rollback.Rules;

/// <summary>One endpoint's alarm rules at one revision of its policy.</summary>
internal sealed record EndpointRules(string Endpoint, long Revision, IReadOnlyList<AlarmRule> Alarms);
