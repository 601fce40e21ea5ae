using System.Text.Json;

namespace BlueGreen.Validator.Gates;

/// <summary>A member of a request's JSON by its pointer (RFC 6901).</summary>
internal static class PayloadField
{
    /// <returns>Null when the request has no such member, or is no JSON (CSV is a request, too).</returns>
    public static JsonElement? Find(ReadOnlyMemory<byte> body, string pointer)
    {
        if (Parse(body) is not { } element) return null;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)) element = member;
            else if (element.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index >= 0 && index < element.GetArrayLength())
                element = element[index];
            else return null;
        }

        return element;
    }

    /// <summary>One number per row: a single one stands for every row.</summary>
    /// <returns>Null when there are not as many numbers as rows.</returns>
    public static double[]? Numbers(ReadOnlyMemory<byte> body, string pointer, int rows)
    {
        if (Find(body, pointer) is not { } element) return null;
        if (element.ValueKind != JsonValueKind.Array)
            return Number(element) is { } single ? [.. Enumerable.Repeat(single, rows)] : null;
        double?[] numbers = [.. element.EnumerateArray().Select(Number)];
        return numbers.Length == rows && numbers.All(number => number is not null) ? [.. numbers.Select(number => number!.Value)] : null;
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonElement.Parse(body.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static double? Number(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => null,
    };
}
