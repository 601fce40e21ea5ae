using System.Text.Json;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// The inputs that a request of TensorFlow Serving's REST API names: members of each of <c>instances</c>, or of <c>inputs</c>. The only input of a
/// model may go unnamed.
/// </summary>
internal static class TensorFlowRows
{
    private const string DefaultSignature = "serving_default";

    /// <summary>Names of the declared inputs that the request does not carry. Another signature than the one declared is not looked at.</summary>
    public static IEnumerable<string> Missing(IReadOnlyList<TensorShape> declared, JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object
            || (request.TryGetProperty("signature_name", out var signature) && signature.ToString() != DefaultSignature))
            return [];
        IEnumerable<JsonElement> carriers = request.TryGetProperty("instances", out var rows) && rows.ValueKind == JsonValueKind.Array ? rows.EnumerateArray()
            : request.TryGetProperty("inputs", out var columns) ? [columns]
            : [];
        return carriers.SelectMany(carrier => declared.Select(input => input.Name).Where(name => !Carries(carrier, name, declared.Count))).Distinct();
    }

    private static bool Carries(JsonElement carrier, string name, int inputs) =>
        carrier.ValueKind == JsonValueKind.Object ? carrier.TryGetProperty(name, out _) || (inputs == 1 && carrier.TryGetProperty("b64", out _)) : inputs == 1;
}
