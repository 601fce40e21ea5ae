using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Google.Protobuf;

namespace BlueGreen.Platform.Inference.Grpc;

/// <summary>
/// Tensor contents as bytes: elements in row-major order, little-endian, without padding; BYTES elements each after their length in four
/// bytes. FP16 is IEEE half precision, BF16 the upper half of FP32.
/// </summary>
internal static class RawTensor
{
    /// <exception cref="FormatException">The datatype is unknown, or a value is none of it.</exception>
    public static ByteString Write(string datatype, IReadOnlyList<JsonElement> values)
    {
        using var bytes = new MemoryStream();
        Span<byte> element = stackalloc byte[8];
        foreach (var value in values)
        {
            if (datatype == "BYTES") WriteText(bytes, value.ToString());
            else bytes.Write(element[..Put(datatype, value, element)]);
        }

        return ByteString.CopyFrom(bytes.ToArray());
    }

    /// <summary>Null when the datatype is unknown or no number.</summary>
    public static List<double>? Numbers(string datatype, ReadOnlySpan<byte> bytes)
    {
        if (SizeOf(datatype) is not (> 0 and var size)) return null;
        var numbers = new List<double>(bytes.Length / size);
        for (; bytes.Length >= size; bytes = bytes[size..]) numbers.Add(Get(datatype, bytes));
        return numbers;
    }

    /// <summary>Elements of BYTES; what is cut off at the end is left out.</summary>
    public static List<string> Texts(ReadOnlySpan<byte> bytes)
    {
        var texts = new List<string>();
        while (bytes.Length >= 4 && BinaryPrimitives.ReadInt32LittleEndian(bytes) is >= 0 and var length && bytes.Length - 4 >= length)
        {
            texts.Add(Encoding.UTF8.GetString(bytes.Slice(4, length)));
            bytes = bytes[(4 + length)..];
        }

        return texts;
    }

    private static int SizeOf(string datatype) => datatype switch
    {
        "BOOL" or "INT8" or "UINT8" => 1,
        "INT16" or "UINT16" or "FP16" or "BF16" => 2,
        "INT32" or "UINT32" or "FP32" => 4,
        "INT64" or "UINT64" or "FP64" => 8,
        _ => 0,
    };

    private static int Put(string datatype, JsonElement value, Span<byte> to)
    {
        switch (datatype)
        {
            case "BOOL": to[0] = value.GetBoolean() ? (byte)1 : (byte)0; break;
            case "FP16": BinaryPrimitives.WriteHalfLittleEndian(to, (Half)TypedTensor.Number(value)); break;
            case "BF16":
                BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)(BitConverter.SingleToUInt32Bits((float)TypedTensor.Number(value)) >> 16));
                break;
            case "FP32": BinaryPrimitives.WriteSingleLittleEndian(to, (float)TypedTensor.Number(value)); break;
            case "FP64": BinaryPrimitives.WriteDoubleLittleEndian(to, TypedTensor.Number(value)); break;
            case "UINT64": BinaryPrimitives.WriteUInt64LittleEndian(to, value.GetUInt64()); break;
            default: BinaryPrimitives.WriteInt64LittleEndian(to, value.GetInt64()); break;
        }

        return SizeOf(datatype) is > 0 and var size ? size : throw new FormatException($"datatype '{datatype}' is unknown");
    }

    private static double Get(string datatype, ReadOnlySpan<byte> from) => datatype switch
    {
        "BOOL" or "UINT8" => from[0],
        "INT8" => (sbyte)from[0],
        "INT16" => BinaryPrimitives.ReadInt16LittleEndian(from),
        "UINT16" => BinaryPrimitives.ReadUInt16LittleEndian(from),
        "FP16" => (double)BinaryPrimitives.ReadHalfLittleEndian(from),
        "BF16" => BitConverter.UInt32BitsToSingle((uint)BinaryPrimitives.ReadUInt16LittleEndian(from) << 16),
        "INT32" => BinaryPrimitives.ReadInt32LittleEndian(from),
        "UINT32" => BinaryPrimitives.ReadUInt32LittleEndian(from),
        "FP32" => BinaryPrimitives.ReadSingleLittleEndian(from),
        "INT64" => BinaryPrimitives.ReadInt64LittleEndian(from),
        "UINT64" => BinaryPrimitives.ReadUInt64LittleEndian(from),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(from),
    };

    private static void WriteText(MemoryStream bytes, string text)
    {
        Span<byte> length = stackalloc byte[4];
        var encoded = Encoding.UTF8.GetBytes(text);
        BinaryPrimitives.WriteInt32LittleEndian(length, encoded.Length);
        bytes.Write(length);
        bytes.Write(encoded);
    }
}
