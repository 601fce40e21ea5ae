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
            return new PolicyParseResult(null, reading.Errors, []);
        }

        try
        {
            var root = format == PolicyFormat.Json ? JsonPolicyText.Read(text) : YamlPolicyText.Read(text);
            var policy = PolicySection.ReadRoot(reading, root, PolicyDocument.Read);
            if (reading.Errors.Count == 0) return new PolicyParseResult(policy, [], reading.References);
        }
        catch (PolicySyntaxException malformed)
        {
            reading.Report("policy", malformed.Line, malformed.Column, malformed.Message);
        }

        return new PolicyParseResult(null, [.. reading.Errors.OrderBy(error => (error.Line, error.Column))], []);
    }

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
    EndpointPolicy? Policy, IReadOnlyList<PolicyError> Errors, IReadOnlyList<PolicyFile> Files);
