using System.Globalization;

namespace BlueGreen.Router.Drivers.Alb;

/// <summary>
/// Changes rule and target groups step by step. Before each step the mark of what it leads to is announced in one tag of the rule, and after it
/// confirmed in another: whoever reads in between finds a mark that fits, before and after, and takes no step for somebody else's change.
/// </summary>
internal sealed class AlbWriter(AlbApi api, AlbSettings settings, DriverRoute route)
{
    public Task<AlbPicture> RegisterAsync(AlbPicture now, string group, IReadOnlyCollection<string> targets, CancellationToken cancellationToken)
    {
        var after = now.Targets[group].Concat(targets.Select(target => KeyValuePair.Create(target, "initial")));
        return StepAsync(now, With(now, group, after), "RegisterTargets", TargetFields(group, targets), cancellationToken);
    }

    /// <summary>Connections under way are left to finish for as long as the group's deregistration delay says.</summary>
    public Task<AlbPicture> DeregisterAsync(AlbPicture now, string group, IReadOnlyCollection<string> targets, CancellationToken cancellationToken) =>
        StepAsync(
            now, With(now, group, now.Targets[group].Where(target => !targets.Contains(target.Key))), "DeregisterTargets",
            TargetFields(group, targets), cancellationToken);

    public Task<AlbPicture> WeighAsync(AlbPicture now, IReadOnlyDictionary<string, int> weights, CancellationToken cancellationToken)
    {
        var fields = new List<(string, string)>
        {
            ("RuleArn", settings.Rule),
            ("Actions.member.1.Type", "forward"),
            ("Actions.member.1.Order", "1"),
            ("Actions.member.1.ForwardConfig.TargetGroupStickinessConfig.Enabled", "false"),
        };
        foreach (var (group, index) in settings.TargetGroups.Select((group, index) => (group, index + 1)))
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"Actions.member.1.ForwardConfig.TargetGroups.member.{index}");
            fields.Add(($"{prefix}.TargetGroupArn", group));
            fields.Add(($"{prefix}.Weight", weights[group].ToString(CultureInfo.InvariantCulture)));
        }

        return StepAsync(now, now with { Weights = weights, IsSticky = false }, "ModifyRule", fields, cancellationToken);
    }

    /// <summary>The mark alone: what stands there is what is wanted, on an older word.</summary>
    public Task MarkAsync(AlbPicture now, CancellationToken cancellationToken) =>
        TagAsync([(AlbReader.MarkTag, DriverMark.Of(route, now.State))], cancellationToken);

    private async Task<AlbPicture> StepAsync(
        AlbPicture now, AlbPicture after, string action, IEnumerable<(string Name, string Value)> fields, CancellationToken cancellationToken)
    {
        var mark = DriverMark.Of(route, after.State);
        // What was only announced when somebody crashed is confirmed now: its tag is about to be used again.
        await TagAsync(now.Mark is { } before ? [(AlbReader.MarkTag, before), (AlbReader.NextTag, mark)] : [(AlbReader.NextTag, mark)], cancellationToken);
        await api.AskAsync(settings, action, fields, cancellationToken);
        await TagAsync([(AlbReader.MarkTag, mark)], cancellationToken);
        return after with { Mark = mark };
    }

    private async Task TagAsync(IEnumerable<(string Name, DriverMark Mark)> tags, CancellationToken cancellationToken)
    {
        var fields = tags.SelectMany((tag, index) => new[]
        {
            (string.Create(CultureInfo.InvariantCulture, $"Tags.member.{index + 1}.Key"), tag.Name),
            (string.Create(CultureInfo.InvariantCulture, $"Tags.member.{index + 1}.Value"), tag.Mark.ToString()),
        });
        await api.AskAsync(settings, "AddTags", fields.Prepend(("ResourceArns.member.1", settings.Rule)), cancellationToken);
    }

    private static AlbPicture With(AlbPicture now, string group, IEnumerable<KeyValuePair<string, string>> targets) => now with
    {
        Targets = now.Targets.ToDictionary(
            known => known.Key,
            known => known.Key == group ? targets.ToDictionary(StringComparer.Ordinal) : known.Value,
            StringComparer.Ordinal),
    };

    private static IEnumerable<(string Name, string Value)> TargetFields(string group, IReadOnlyCollection<string> targets)
    {
        yield return ("TargetGroupArn", group);
        foreach (var (target, index) in targets.Order(StringComparer.Ordinal).Select((target, index) => (target, index + 1)))
        {
            var (host, port) = DriverAddresses.Parts(target);
            yield return (string.Create(CultureInfo.InvariantCulture, $"Targets.member.{index}.Id"), host);
            yield return (string.Create(CultureInfo.InvariantCulture, $"Targets.member.{index}.Port"), port);
        }
    }
}
