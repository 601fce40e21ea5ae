using System.Runtime.CompilerServices;
using System.Text.Json;
using BlueGreen.Platform.Inference.Grpc.Wire;

namespace BlueGreen.Platform.Inference.Grpc;

/// <summary>Messages made of payloads: each once, for as long as the payload lives.</summary>
internal sealed class TensorRequests
{
    private readonly ConditionalWeakTable<InferencePayload, ModelInferRequest> _made = [];

    /// <param name="payload">An infer request in the protocol's JSON.</param>
    /// <param name="model">Whom to ask.</param>
    public ModelInferRequest For(InferencePayload payload, string model)
    {
        var made = _made.GetValue(payload, Make);
        if (made.ModelName == model) return made;
        if (made.ModelName.Length > 0) return new ModelInferRequest(made) { ModelName = model };
        lock (made) made.ModelName = model;
        return made;
    }

    /// <summary>What keeps the payload from being a message; null: nothing.</summary>
    public string? WhyNot(InferencePayload payload)
    {
        try
        {
            _made.GetValue(payload, Make);
            return null;
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            return $"not a tensor request ({fault.Message})";
        }
    }

    private static ModelInferRequest Make(InferencePayload payload)
    {
        using var document = JsonDocument.Parse(payload.Body);
        var root = document.RootElement;
        var request = new ModelInferRequest();
        if (root.TryGetProperty("id", out var id)) request.Id = id.ToString();
        if (root.TryGetProperty("parameters", out var parameters)) TensorParameters.Add(parameters, request.Parameters);
        if (root.TryGetProperty("outputs", out var outputs)) request.Outputs.Add(outputs.EnumerateArray().Select(Output));
        var inputs = root.GetProperty("inputs").EnumerateArray().ToArray();
        // Types of 16 bits have no field of their own, and raw and typed contents do not go together.
        var isRaw = inputs.Any(input => input.GetProperty("datatype").GetString() is "FP16" or "BF16");
        foreach (var input in inputs)
        {
            var tensor = Tensor(input);
            request.Inputs.Add(tensor);
            var values = Flatten(input.GetProperty("data"));
            if (isRaw) request.RawInputContents.Add(RawTensor.Write(tensor.Datatype, values));
            else tensor.Contents = TypedTensor.Write(tensor.Datatype, values);
        }

        return request;
    }

    private static Tensor Tensor(JsonElement input)
    {
        var tensor = new Tensor { Name = input.GetProperty("name").GetString()!, Datatype = input.GetProperty("datatype").GetString()! };
        tensor.Shape.Add(input.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64()));
        if (input.TryGetProperty("parameters", out var parameters)) TensorParameters.Add(parameters, tensor.Parameters);
        return tensor;
    }

    private static RequestedOutput Output(JsonElement output)
    {
        var requested = new RequestedOutput { Name = output.GetProperty("name").GetString()! };
        if (output.TryGetProperty("parameters", out var parameters)) TensorParameters.Add(parameters, requested.Parameters);
        return requested;
    }

    private static List<JsonElement> Flatten(JsonElement data) => data.ValueKind == JsonValueKind.Array
        ? [.. data.EnumerateArray().SelectMany(Flatten)]
        : [data];
}
