using System.Text.Encodings.Web;
using System.Text.Json;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's JSON Schema as text: what <c>docs/policy.schema.json</c> holds and the API serves.</summary>
internal static class PolicySchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Text { get; } = PolicyParser.DescribeSchema().ToJsonString(Readable) + "\n";
}
