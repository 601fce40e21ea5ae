using System.Globalization;
using System.Xml.Linq;

namespace BlueGreen.Router.Drivers.Alb;

/// <summary>Reads the rule, the groups' targets and the marks, which are tags of the rule.</summary>
internal sealed class AlbReader(AlbApi api)
{
    /// <summary>Tags cannot be written together with the rule: the mark is announced before the rule is changed, and confirmed after.</summary>
    public const string NextTag = "bluegreen/next";
    public const string MarkTag = "bluegreen/traffic";

    private const int Attempts = 4;

    /// <summary>Read again where it changed while it was read.</summary>
    /// <exception cref="AlbFailureException">The API refused, or did not answer.</exception>
    public async Task<AlbPicture> ReadAsync(AlbSettings settings, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var rule = await RuleAsync(settings, cancellationToken);
            var marks = await MarksAsync(settings, cancellationToken);
            var targets = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
            foreach (var group in settings.TargetGroups) targets[group] = await TargetsAsync(settings, group, cancellationToken);
            if (!XNode.DeepEquals(rule, await RuleAsync(settings, cancellationToken))) continue;
            var picture = Picture(rule, targets);
            var state = picture.State;
            return picture with { Mark = marks.FirstOrDefault(mark => mark.Fits(state)) ?? marks.LastOrDefault() };
        }

        throw new AlbFailureException($"The rule changed at every one of {Attempts} readings.");
    }

    /// <returns>Registered targets that are not being let go, and their health.</returns>
    public async Task<IReadOnlyDictionary<string, string>> TargetsAsync(AlbSettings settings, string group, CancellationToken cancellationToken)
    {
        var result = await api.AskAsync(settings, "DescribeTargetHealth", [("TargetGroupArn", group)], cancellationToken);
        return AlbApi.Members(result, "TargetHealthDescriptions")
            .Select(member => (Target: AlbApi.Child(member, "Target"), Health: AlbApi.Text(AlbApi.Child(member, "TargetHealth"), "State")))
            .Where(member => member.Health != "draining")
            .ToDictionary(member => DriverAddresses.Of(AlbApi.Text(member.Target, "Id"), AlbApi.Text(member.Target, "Port")), member => member.Health, StringComparer.Ordinal);
    }

    private async Task<XElement> RuleAsync(AlbSettings settings, CancellationToken cancellationToken)
    {
        var result = await api.AskAsync(settings, "DescribeRules", [("RuleArns.member.1", settings.Rule)], cancellationToken);
        return AlbApi.Members(result, "Rules").FirstOrDefault() ?? throw new AlbFailureException($"There is no rule {settings.Rule}.");
    }

    /// <returns>The announced mark first, then the confirmed one.</returns>
    private async Task<DriverMark[]> MarksAsync(AlbSettings settings, CancellationToken cancellationToken)
    {
        var result = await api.AskAsync(settings, "DescribeTags", [("ResourceArns.member.1", settings.Rule)], cancellationToken);
        var tags = AlbApi.Members(result, "TagDescriptions").SelectMany(member => AlbApi.Members(member, "Tags"))
            .ToDictionary(tag => AlbApi.Text(tag, "Key"), tag => AlbApi.Text(tag, "Value"), StringComparer.Ordinal);
        return [.. new[] { NextTag, MarkTag }.Select(name => DriverMark.Read(tags.GetValueOrDefault(name))).OfType<DriverMark>()];
    }

    private static AlbPicture Picture(XElement rule, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> targets)
    {
        var actions = AlbApi.Members(rule, "Actions").ToArray();
        var forward = actions.FirstOrDefault(action => AlbApi.Text(action, "Type") == "forward");
        var config = AlbApi.Child(forward, "ForwardConfig");
        var weights = AlbApi.Members(config, "TargetGroups").ToDictionary(
            group => AlbApi.Text(group, "TargetGroupArn"),
            group => int.TryParse(AlbApi.Text(group, "Weight"), NumberStyles.None, CultureInfo.InvariantCulture, out var weight) ? weight : 1,
            StringComparer.Ordinal);
        if (weights.Count == 0 && AlbApi.Text(forward, "TargetGroupArn") is { Length: > 0 } only) weights[only] = 1;
        return new AlbPicture
        {
            Weights = weights,
            IsSticky = AlbApi.Text(AlbApi.Child(config, "TargetGroupStickinessConfig"), "Enabled") == "true",
            OtherAction = actions.Select(action => AlbApi.Text(action, "Type")).FirstOrDefault(type => type != "forward"),
            Targets = targets,
            Mark = null,
        };
    }
}
