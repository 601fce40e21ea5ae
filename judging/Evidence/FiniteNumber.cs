using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlueGreen.Judging.Evidence;

/// <summary>Figures in JSON, which knows no NaN and no infinity: these are null there, and NaN when read again.</summary>
public sealed class FiniteNumber : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value)) writer.WriteNumberValue(value);
        else writer.WriteNullValue();
    }
}
