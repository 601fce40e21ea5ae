using System.Text.Json;
using BlueGreen.Platform.Inference.Grpc.Wire;
using Google.Protobuf.Collections;

namespace BlueGreen.Platform.Inference.Grpc;

/// <summary>Parameters of requests, inputs and outputs; what is neither flag, number nor text has no place in the message.</summary>
internal static class TensorParameters
{
    public static void Add(JsonElement parameters, MapField<string, InferParameter> to)
    {
        if (parameters.ValueKind != JsonValueKind.Object) return;
        foreach (var parameter in parameters.EnumerateObject())
            if (Of(parameter.Value) is { } value) to[parameter.Name] = value;
    }

    private static InferParameter? Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => new() { BoolParam = value.GetBoolean() },
        JsonValueKind.Number when value.TryGetInt64(out var whole) => new() { Int64Param = whole },
        JsonValueKind.Number => new() { DoubleParam = value.GetDouble() },
        JsonValueKind.String => new() { StringParam = value.GetString()! },
        _ => null,
    };
}
