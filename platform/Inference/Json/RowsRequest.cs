using System.Buffers;
using System.Text;
using System.Text.Json;

namespace BlueGreen.Platform.Inference.Json;

/// <summary>
/// Requests that carry their rows in one array, at one of several places, e.g. <c>{"instances": [row, …]}</c>; or column by column
/// there, <c>{"inputs": {"a": [one per row], "b": […]}}</c>. Where no place is there the request is one row.
/// </summary>
/// <param name="places">Paths of member names to where rows may stand; an empty path is the whole request.</param>
/// <param name="exactlyOne">True when a request must have one of the places, and no more.</param>
internal sealed class RowsRequest(IReadOnlyList<string[]> places, bool exactlyOne) : IRequestForm
{
    private const string CsvType = "text/csv";

    public PayloadReading Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(json, document.RootElement);
        }
        catch (JsonException exception)
        {
            return new(null, $"not JSON ({exception.Message})");
        }
    }

    public InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads)
    {
        if (payloads.Any(payload => payload.MediaType == CsvType)) return ConcatenateCsv(payloads);
        var documents = payloads.Select(payload => JsonDocument.Parse(payload.Body)).ToArray();
        try
        {
            var roots = documents.Select(document => document.RootElement).ToArray();
            if (Find(roots[0]) is not { } place || roots.Any(root => Find(root) != place)) return null;
            if (payloads.Any(payload => payload.Shape != payloads[0].Shape)) return null;
            var buffer = new ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer)) new RowsWriter(writer, place).Write(roots);
            return payloads[0] with { Body = buffer.WrittenMemory.ToArray(), Rows = payloads.Sum(payload => payload.Rows) };
        }
        finally
        {
            foreach (var document in documents) document.Dispose();
        }
    }

    private PayloadReading Read(ReadOnlyMemory<byte> json, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.String && !exactlyOne) return Csv(root.GetString()!);
        var found = places.Where(place => At(root, place) is not null).ToArray();
        if (exactlyOne && found.Length != 1)
            return new(null, $"{(found.Length == 0 ? "none" : "more than one")} of: {string.Join(", ", places.Select(Name))}");
        if (found.Length == 0) return new(new(json, 1) { Shape = PayloadShape.Of(root) }, null);
        var rows = At(root, found[0])!.Value;
        return Count(rows) is > 0 and var count
            ? new(new(json, count) { Shape = $"{Name(found[0])}:{PayloadShape.OfRows(rows)}" }, null)
            : new(null, $"\"{Name(found[0])}\" holds no rows");
    }

    /// <summary>A JSON string in a payload file is a body of <c>text/csv</c>, one row per line.</summary>
    private static PayloadReading Csv(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length == 0) return new(null, "an empty text");
        var shape = $"csv:{lines[0].Split(',').Length}";
        return new(new(Encoding.UTF8.GetBytes(text), lines.Length) { Shape = shape, MediaType = CsvType }, null);
    }

    private static InferencePayload? ConcatenateCsv(IReadOnlyList<InferencePayload> payloads)
    {
        if (payloads.Any(payload => payload.MediaType != CsvType || payload.Shape != payloads[0].Shape)) return null;
        var lines = payloads.Select(payload => Encoding.UTF8.GetString(payload.Body.Span).TrimEnd());
        return payloads[0] with { Body = Encoding.UTF8.GetBytes(string.Join('\n', lines)), Rows = payloads.Sum(payload => payload.Rows) };
    }

    private string[]? Find(JsonElement root) => root.ValueKind is JsonValueKind.Object or JsonValueKind.Array
        ? places.FirstOrDefault(place => At(root, place) is not null)
        : null;

    private static JsonElement? At(JsonElement root, string[] place)
    {
        var value = root;
        foreach (var name in place)
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return null;
        return value.ValueKind == JsonValueKind.Array || (place.Length > 0 && value.ValueKind == JsonValueKind.Object) ? value : null;
    }

    /// <summary>Rows, or those of the first column where columns are given.</summary>
    private static int Count(JsonElement rows)
    {
        if (rows.ValueKind == JsonValueKind.Array) return rows.GetArrayLength();
        var first = rows.EnumerateObject().Select(column => column.Value).FirstOrDefault();
        return first.ValueKind == JsonValueKind.Array ? first.GetArrayLength() : first.ValueKind == JsonValueKind.Undefined ? 0 : 1;
    }

    private static string Name(string[] place) => place.Length == 0 ? "the array of rows" : string.Join('/', place);
}
