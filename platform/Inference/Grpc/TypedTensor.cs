using System.Text.Json;
using BlueGreen.Platform.Inference.Grpc.Wire;
using Google.Protobuf;

namespace BlueGreen.Platform.Inference.Grpc;

/// <summary>Tensor contents in the field that belongs to their datatype.</summary>
internal static class TypedTensor
{
    /// <exception cref="FormatException">The datatype is unknown, or a value is none of it.</exception>
    public static InferTensorContents Write(string datatype, IEnumerable<JsonElement> values)
    {
        var contents = new InferTensorContents();
        switch (datatype)
        {
            case "BOOL": contents.BoolContents.Add(values.Select(value => value.GetBoolean())); break;
            case "INT8" or "INT16" or "INT32": contents.IntContents.Add(values.Select(value => value.GetInt32())); break;
            case "INT64": contents.Int64Contents.Add(values.Select(value => value.GetInt64())); break;
            case "UINT8" or "UINT16" or "UINT32": contents.UintContents.Add(values.Select(value => value.GetUInt32())); break;
            case "UINT64": contents.Uint64Contents.Add(values.Select(value => value.GetUInt64())); break;
            case "FP32": contents.Fp32Contents.Add(values.Select(value => (float)Number(value))); break;
            case "FP64": contents.Fp64Contents.Add(values.Select(Number)); break;
            case "BYTES": contents.BytesContents.Add(values.Select(value => ByteString.CopyFromUtf8(value.ToString()))); break;
            default: throw new FormatException($"datatype '{datatype}' is unknown");
        }

        return contents;
    }

    /// <summary>A missing feature is null in JSON and NaN in a tensor.</summary>
    public static double Number(JsonElement value) => value.ValueKind == JsonValueKind.Null ? double.NaN : value.GetDouble();

    /// <summary>Numbers of a tensor; null for the types that are no numbers.</summary>
    public static IEnumerable<double>? Numbers(string datatype, InferTensorContents contents) => datatype switch
    {
        "BOOL" => contents.BoolContents.Select(value => value ? 1.0 : 0.0),
        "INT8" or "INT16" or "INT32" => contents.IntContents.Select(value => (double)value),
        "INT64" => contents.Int64Contents.Select(value => (double)value),
        "UINT8" or "UINT16" or "UINT32" => contents.UintContents.Select(value => (double)value),
        "UINT64" => contents.Uint64Contents.Select(value => (double)value),
        "FP32" => contents.Fp32Contents.Select(value => (double)value),
        "FP64" => contents.Fp64Contents,
        _ => null,
    };
}
