using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using BlueGreen.Contracts;

namespace BlueGreen.EnvManager.Environments;

/// <summary>What an environment is, as opposed to which one it is: two environments of one fingerprint serve alike.</summary>
internal static class EnvironmentFingerprint
{
    private static readonly JsonSerializerOptions Compact = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Members in ordinal order, no white space, invariant numbers: the same template is the same text everywhere.</summary>
    public static string Canonical(EnvironmentTemplate template)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray(nameof(EnvironmentTemplate.Command));
            foreach (var word in template.Command) json.WriteStringValue(word);
            json.WriteEndArray();
            json.WriteNumber(nameof(EnvironmentTemplate.CostPerHour), template.CostPerHour);
            json.WriteString(nameof(EnvironmentTemplate.Driver), template.Driver);
            if (template.Inference is { } inference)
            {
                json.WritePropertyName(nameof(EnvironmentTemplate.Inference));
                JsonSerializer.Serialize(json, inference, Compact);
            }

            json.WriteString(nameof(EnvironmentTemplate.Protocol), template.Protocol);
            json.WriteNumber(nameof(EnvironmentTemplate.Replicas), template.Replicas);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>SHA-256 over the canonical template, a line feed and the artifact's digest; 64 lower-case hexadecimal digits.</summary>
    public static string Of(EnvironmentTemplate template, ArtifactReference artifact) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Canonical(template)}\n{artifact.Sha256}")));
}
