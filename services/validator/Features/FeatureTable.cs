using System.Text.Json;
using BlueGreen.Judging.Evidence;

namespace BlueGreen.Validator.Features;

/// <summary>
/// The features of many requests, column by column, in whatever form the protocols' JSON has them: tensors by name (a wide one by position),
/// columns or rows of a data frame, instances, Seldon's named arrays, or plain members.
/// </summary>
internal sealed class FeatureTable
{
    /// <summary>A tensor that is wider is one feature: its values are those of one image or embedding.</summary>
    private const int WidestTensor = 64;

    private readonly Dictionary<string, Column> _columns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _carriers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _carried = new(StringComparer.Ordinal);

    /// <summary>Requests that were added.</summary>
    public int Requests { get; private set; }

    public IReadOnlyCollection<string> Names => _columns.Keys;

    /// <summary>Requests that carry the feature (or the tensor).</summary>
    public int Carriers(string name) => _carriers.GetValueOrDefault(name);

    /// <returns>Null when no request carries it.</returns>
    public FeatureValues? Values(string name) => _columns.TryGetValue(name, out var column)
        ? new() { Numbers = column.Numbers, Words = column.Words, Nulls = column.Nulls }
        : null;

    public void Add(JsonElement request)
    {
        Requests++;
        _carried.Clear();
        Read(request);
        foreach (var name in _carried) _carriers[name] = _carriers.GetValueOrDefault(name) + 1;
    }

    private void Read(JsonElement request)
    {
        if (request.ValueKind == JsonValueKind.Array) AddRows(request);
        else if (request.ValueKind != JsonValueKind.Object) return;
        else if (request.TryGetProperty("inputs", out var inputs)) AddInputs(inputs);
        else if (Find(request, "instances", "dataframe_records", "rows") is { } rows) AddRows(rows);
        else if (request.TryGetProperty("dataframe_split", out var frame)) AddFrame(frame, "columns", "data");
        else if (request.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Object) AddFrame(data, "names", "ndarray");
        else AddRow(request);
    }

    private void AddInputs(JsonElement inputs)
    {
        if (inputs.ValueKind == JsonValueKind.Object)
        {
            foreach (var column in inputs.EnumerateObject()) AddColumn(column.Name, column.Value);
        }
        else if (inputs.ValueKind == JsonValueKind.Array)
        {
            if (inputs.EnumerateArray().All(IsTensor)) foreach (var tensor in inputs.EnumerateArray()) AddTensor(tensor);
            else AddRows(inputs);
        }
    }

    private static bool IsTensor(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
        && element.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array;

    private void AddTensor(JsonElement tensor)
    {
        var name = tensor.GetProperty("name").GetString()!;
        JsonElement[] values = [.. Flat(tensor.GetProperty("data"))];
        var rows = tensor.TryGetProperty("shape", out var shape) && shape.ValueKind == JsonValueKind.Array && shape.GetArrayLength() > 1
            && shape[0].TryGetInt32(out var first) && first > 0 ? first : 0;
        var width = rows > 0 && values.Length % rows == 0 ? values.Length / rows : 1;
        if (values.Length > 0) _carried.Add(name);
        for (var i = 0; i < values.Length; i++) Add(width is 1 or > WidestTensor ? name : $"{name}.{i % width}", values[i]);
    }

    private void AddRows(JsonElement rows)
    {
        if (rows.ValueKind != JsonValueKind.Array) return;
        foreach (var row in rows.EnumerateArray()) AddRow(row);
    }

    private void AddRow(JsonElement row)
    {
        if (row.ValueKind == JsonValueKind.Object)
            foreach (var member in row.EnumerateObject()) AddColumn(member.Name, member.Value);
        else if (row.ValueKind == JsonValueKind.Array)
            foreach (var (value, index) in row.EnumerateArray().Select((value, index) => (value, index))) AddColumn($"{index}", value);
        else Add("value", row);
    }

    private void AddFrame(JsonElement frame, string names, string values)
    {
        if (frame.ValueKind != JsonValueKind.Object || !frame.TryGetProperty(values, out var rows) || rows.ValueKind != JsonValueKind.Array) return;
        string?[] columns = frame.TryGetProperty(names, out var given) && given.ValueKind == JsonValueKind.Array
            ? [.. given.EnumerateArray().Select(name => name.ToString())]
            : [];
        foreach (var row in rows.EnumerateArray().Where(row => row.ValueKind == JsonValueKind.Array))
            foreach (var (value, index) in row.EnumerateArray().Select((value, index) => (value, index)))
                AddColumn(index < columns.Length ? columns[index]! : $"{index}", value);
    }

    /// <summary>A value, or a list of values of one feature.</summary>
    private void AddColumn(string name, JsonElement value)
    {
        foreach (var each in Flat(value)) Add(name, each);
    }

    private void Add(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object) return;
        if (!_columns.TryGetValue(name, out var column)) _columns[name] = column = new();
        _carried.Add(name);
        switch (value.ValueKind)
        {
            case JsonValueKind.Number when value.TryGetDouble(out var number) && double.IsFinite(number): column.Numbers.Add(number); break;
            case JsonValueKind.String when value.GetString() is { Length: > 0 } word && word is not ("NaN" or "Infinity" or "-Infinity"):
                column.Words.Add(word);
                break;
            case JsonValueKind.True or JsonValueKind.False: column.Words.Add(value.ValueKind == JsonValueKind.True ? "true" : "false"); break;
            default: column.Nulls++; break;
        }
    }

    private static IEnumerable<JsonElement> Flat(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().SelectMany(Flat) : [value];

    private static JsonElement? Find(JsonElement request, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (request.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Array) return found;
        return null;
    }

    private sealed class Column
    {
        public List<double> Numbers { get; } = [];
        public List<string> Words { get; } = [];
        public int Nulls { get; set; }
    }
}
