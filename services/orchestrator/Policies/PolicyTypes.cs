using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The kinds of values that policies have.</summary>
internal static class PolicyTypes
{
    /// <summary>A duration within bounds, inclusive.</summary>
    public static PolicyType<TimeSpan> Duration(TimeSpan min, TimeSpan max)
    {
        var expectation = $"a duration from {PolicyValues.Write(min)} to {PolicyValues.Write(max)}, such as 500ms, 30s, 10m or 1h30m";
        return new(
            min,
            node => PolicyValues.TryDuration(node.Text, out var value) && value >= min && value <= max
                ? (value, null)
                : Refuse<TimeSpan>(node, expectation),
            value => PolicyValues.Write(value),
            () => new JsonObject { ["type"] = "string", ["pattern"] = PolicyValues.DurationPattern, ["$comment"] = expectation });
    }

    /// <summary>A share in [min, max], as a percentage or a fraction.</summary>
    public static PolicyType<double> Share(double min = 0, double max = 1)
    {
        var expectation = $"a share from {PolicyValues.WriteShare(min)} to {PolicyValues.WriteShare(max)}, such as 5% or 0.05";
        return new(
            min,
            node => PolicyValues.TryShare(node.Text, out var value) && value >= min && value <= max
                ? (value, null)
                : Refuse<double>(node, expectation),
            value => PolicyValues.WriteShare(value),
            () => new JsonObject
            {
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["type"] = "number", ["minimum"] = min, ["maximum"] = max },
                    new JsonObject { ["type"] = "string", ["pattern"] = PolicyValues.SharePattern }),
                ["$comment"] = expectation,
            });
    }

    /// <summary>A number of bytes within bounds, inclusive.</summary>
    public static PolicyType<long> Size(long min, long max)
    {
        var expectation = $"a size from {PolicyValues.WriteSize(min)} to {PolicyValues.WriteSize(max)}, such as 512KiB or 64MiB";
        return new(
            min,
            node => PolicyValues.TrySize(node.Text, out var value) && value >= min && value <= max
                ? (value, null)
                : Refuse<long>(node, expectation),
            value => PolicyValues.WriteSize(value),
            () => new JsonObject { ["type"] = "string", ["pattern"] = PolicyValues.SizePattern, ["$comment"] = expectation });
    }

    public static PolicyType<double> Number(double min, double max)
    {
        var expectation = string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}");
        return new(
            min,
            node => !node.Quoted && PolicyValues.TryNumber(node.Text, out var value) && value >= min && value <= max
                ? (value, null)
                : Refuse<double>(node, expectation),
            value => value,
            () => new JsonObject { ["type"] = "number", ["minimum"] = min, ["maximum"] = max });
    }

    public static PolicyType<int> Whole(int min, int max)
    {
        var expectation = string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}");
        return new(
            min,
            node => !node.Quoted
                && int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                && value >= min && value <= max
                    ? (value, null)
                    : Refuse<int>(node, expectation),
            value => value,
            () => new JsonObject { ["type"] = "integer", ["minimum"] = min, ["maximum"] = max });
    }

    public static PolicyType<CountRange> Range(int min, int max)
    {
        var expectation = string.Create(
            CultureInfo.InvariantCulture, $"a range within {min}..{max}, smaller end first, such as {min}..{Math.Min(max, min * 10L)}");
        return new(
            new CountRange(min, max),
            node => PolicyValues.TryRange(node.Text, out var value) && value.Min >= min && value.Max <= max && value.Min <= value.Max
                ? (value, null)
                : Refuse<CountRange>(node, expectation),
            value => string.Create(CultureInfo.InvariantCulture, $"{value.Min}..{value.Max}"),
            () => new JsonObject { ["type"] = "string", ["pattern"] = PolicyValues.RangePattern, ["$comment"] = expectation });
    }

    public static PolicyType<bool> Flag { get; } = new(
        false,
        node => !node.Quoted && node.Text is "true" or "false" ? (node.Text == "true", null) : Refuse<bool>(node, "true or false"),
        value => value,
        () => new JsonObject { ["type"] = "boolean" });

    /// <summary>Text of a given form.</summary>
    public static PolicyType<string> Text(Regex form, string expectation, string example) => new(
        example,
        node => form.IsMatch(node.Text) ? (node.Text, null) : Refuse<string>(node, expectation),
        value => value,
        () => new JsonObject { ["type"] = "string", ["pattern"] = form.ToString() });

    /// <summary>One of a few words; <paramref name="planned"/> ones are known, and refused until this version has them.</summary>
    public static PolicyType<string> OneOf(IReadOnlyList<string> allowed, params IReadOnlyList<string> planned) => new(
        allowed[0],
        node => allowed.Contains(node.Text, StringComparer.Ordinal)
            ? (node.Text, null)
            : (node.Text, WordProblem(node.Text, allowed, planned)),
        value => value,
        () => new JsonObject { ["enum"] = new JsonArray([.. allowed.Select(word => (JsonNode)word)]) });

    private static string WordProblem(string word, IReadOnlyList<string> allowed, IReadOnlyList<string> planned)
    {
        var choices = $"Allowed: {string.Join(", ", allowed)}.";
        if (planned.Contains(word, StringComparer.Ordinal)) return $"'{word}' is not supported yet by this version. {choices}";
        var nearest = NearestWord.Find(word, allowed);
        return nearest is null ? $"'{word}' is not known. {choices}" : $"'{word}' is not known: did you mean '{nearest}'? {choices}";
    }

    private static (T, string) Refuse<T>(ScalarNode node, string expectation) =>
        (default!, node.IsNull ? $"This is empty: it must be {expectation}." : $"'{node.Text}' is not {expectation}.");
}
