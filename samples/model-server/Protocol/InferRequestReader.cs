using System.Text.Json;
using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Protocol;

/// <summary>Reads an Open Inference Protocol v2 REST inference request and checks it against a model's inputs.</summary>
internal sealed class InferRequestReader(ModelMetadata model)
{
    /// <summary>More rows than this in one request are refused.</summary>
    public const int MaxRows = 1024;

    private readonly Dictionary<string, int> _positions =
        model.Features.Select((feature, index) => (feature.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);

    private readonly int[] _columns = ColumnsOf(model);

    /// <summary>Either a request or an error for the client, which names the input at fault.</summary>
    public (InferRequest? Request, string? Error) Read(JsonElement body)
    {
        try
        {
            return ReadBody(body);
        }
        catch (InvalidOperationException)
        {
            // System.Text.Json's answer to text that no Unicode string can hold, such as half a surrogate pair.
            return (null, "the request contains invalid Unicode text");
        }
    }

    private (InferRequest? Request, string? Error) ReadBody(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return (null, "the request must be a JSON object");
        var (id, idError) = ReadId(body);
        var (tensors, tensorError) = FindTensors(body);
        if ((idError ?? tensorError) is { } error) return (null, error);
        var (rows, rowError) = ReadRows(tensors!);
        var (outputs, outputError) = ReadOutputs(body);
        return (rowError ?? outputError) is { } fault ? (null, fault) : (new InferRequest(id, rows!, outputs), null);
    }

    private static (string? Id, string? Error) ReadId(JsonElement body)
    {
        if (!body.TryGetProperty("id"u8, out var id)) return (null, null);
        return id.ValueKind == JsonValueKind.String ? (id.GetString(), null) : (null, "id must be a string");
    }

    private (JsonElement[]? Tensors, string? Error) FindTensors(JsonElement body)
    {
        if (!body.TryGetProperty("inputs"u8, out var inputs) || inputs.ValueKind != JsonValueKind.Array)
            return (null, "inputs must be an array of tensors");
        var tensors = new JsonElement[model.Features.Count];
        foreach (var input in inputs.EnumerateArray())
        {
            if (NameOf(input) is not { } name) return (null, "every input must be an object with a name");
            if (!_positions.TryGetValue(name, out var position)) return (null, $"input '{name}' is not one of the model's");
            if (tensors[position].ValueKind != JsonValueKind.Undefined) return (null, $"input '{name}' is given twice");
            tensors[position] = input;
        }

        var missing = Array.FindIndex(tensors, tensor => tensor.ValueKind == JsonValueKind.Undefined);
        return missing < 0 ? (tensors, null) : (null, $"input '{model.Features[missing].Name}' is missing");
    }

    private (RowBatch? Rows, string? Error) ReadRows(JsonElement[] tensors)
    {
        var count = 0;
        float[] numbers = [];
        string[] categories = [];
        for (var i = 0; i < tensors.Length; i++)
        {
            var feature = model.Features[i];
            var (rows, error) = TensorHeader.ReadRows(tensors[i], feature);
            if (error is not null) return (null, error);
            if (i == 0) (count, numbers, categories) = (rows, new float[rows * model.NumberCount], new string[rows]);
            if (rows != count)
                return (null, $"input '{feature.Name}' has {rows} rows, but '{model.Features[0].Name}' has {count}");
            var sink = new TensorSink(feature, numbers, model.NumberCount, _columns[i], categories);
            if (TensorData.Read(tensors[i], rows, sink) is { } fault) return (null, fault);
        }

        return (new RowBatch(model.NumberCount, numbers, categories), null);
    }

    private static (IReadOnlyList<string>? Outputs, string? Error) ReadOutputs(JsonElement body)
    {
        if (!body.TryGetProperty("outputs"u8, out var outputs)) return (null, null);
        if (outputs.ValueKind != JsonValueKind.Array) return (null, "outputs must be an array");
        var names = new List<string>();
        foreach (var output in outputs.EnumerateArray())
        {
            if (NameOf(output) is not { } name) return (null, "every output must be an object with a name");
            if (name is not (OutputNames.Score or OutputNames.IsFraud))
                return (null, $"output '{name}' is not one of the model's");
            names.Add(name);
        }

        return (names.Count == 0 ? null : names, null);
    }

    private static string? NameOf(JsonElement tensor) =>
        tensor.ValueKind == JsonValueKind.Object
        && tensor.TryGetProperty("name"u8, out var name)
        && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;

    private static int[] ColumnsOf(ModelMetadata model)
    {
        var next = 0;
        return [.. model.Features.Select(feature => feature.IsCategory ? -1 : next++)];
    }
}
