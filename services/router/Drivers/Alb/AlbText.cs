namespace BlueGreen.Router.Drivers.Alb;

/// <summary>How the state of a rule and its target groups is written. Groups are told by what is in them: which of the two an environment has is chance.</summary>
internal static class AlbText
{
    public static string Targets(IEnumerable<string> targets) => string.Join('+', targets.Order(StringComparer.Ordinal));

    /// <param name="groups">Targets and weight of each group; a group without either is not mentioned.</param>
    /// <param name="oddities">What should not be there.</param>
    public static string State(IEnumerable<(string Targets, int Weight)> groups, IEnumerable<string> oddities)
    {
        var parts = groups.Where(group => group.Targets.Length > 0 || group.Weight > 0)
            .Select(group => $"{(group.Targets.Length > 0 ? group.Targets : "nobody")}={group.Weight}");
        return string.Join(", ", parts.Order(StringComparer.Ordinal).Concat(oddities.Order(StringComparer.Ordinal)));
    }
}
