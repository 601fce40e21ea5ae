using System.Text.Json.Nodes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>Text in, policy or errors out: all of the errors, not only the first.</summary>
internal static class PolicyParser
{
    /// <summary>Largest policy text in characters.</summary>
    public const int MaxLength = 256 * 1024;

    public static PolicyParseResult Parse(string text, PolicyFormat format, IPolicyFiles files)
    {
        var reading = new PolicyReading(files);
        if (text.Length > MaxLength)
        {
            reading.Report("policy", 1, 1, $"This is longer than {MaxLength} characters.");
            return Refused(reading);
        }

        try
        {
            var root = format == PolicyFormat.Json ? JsonPolicyText.Read(text) : YamlPolicyText.Read(text);
            var policy = PolicySection.ReadRoot(reading, root, PolicyDocument.Read);
            if (reading.Errors.Count == 0) return new PolicyParseResult(policy, [], reading.References, reading.Places);
        }
        catch (PolicySyntaxException malformed)
        {
            reading.Report("policy", malformed.Line, malformed.Column, malformed.Message);
        }

        return Refused(reading);
    }

    private static PolicyParseResult Refused(PolicyReading reading) =>
        new(null, [.. reading.Errors.OrderBy(error => (error.Line, error.Column))], [], reading.Places);

    /// <summary>JSON Schema (2020-12) of a policy.</summary>
    public static JsonObject DescribeSchema()
    {
        var schema = PolicySection.Describe(PolicyDocument.Read);
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "BlueGreen endpoint policy");
        return schema;
    }
}

/// <summary>A policy and the files it refers to; or null, and what is wrong, in the order of the text.</summary>
internal sealed record PolicyParseResult(
    EndpointPolicy? Policy,
    IReadOnlyList<PolicyError> Errors,
    IReadOnlyList<PolicyFile> Files,
    IReadOnlyDictionary<string, PolicyNode> Places)
{
    /// <summary>An error that only came to light beside other policies, at the place of the field.</summary>
    public PolicyError ErrorAt(string field, string message) =>
        Places.TryGetValue(field, out var at) ? new(field, at.Line, at.Column, message) : new(field, 1, 1, message);
}
