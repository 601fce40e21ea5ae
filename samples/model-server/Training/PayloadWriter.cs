using System.Globalization;
using System.Text.Json;
using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Training;

/// <summary>Writes transactions as Open Inference Protocol v2 requests of one row, one to a line.</summary>
internal static class PayloadWriter
{
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="idPrefix">Starts every request's id.</param>
    /// <param name="rows">One request each.</param>
    /// <param name="labelled">Whether the truth goes along, as the request parameter <c>label</c>.</param>
    public static void Write(string path, string idPrefix, IReadOnlyList<Transaction> rows, bool labelled)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file);
        for (var i = 0; i < rows.Count; i++)
        {
            WriteRequest(json, string.Create(CultureInfo.InvariantCulture, $"{idPrefix}-{i:00000}"), rows[i], labelled);
            json.Flush();
            file.WriteByte((byte)'\n');
            json.Reset();
        }
    }

    private static void WriteRequest(Utf8JsonWriter json, string id, Transaction row, bool labelled)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        if (labelled)
        {
            json.WriteStartObject("parameters"u8);
            json.WriteNumber("label"u8, row.Label ? 1 : 0);
            json.WriteEndObject();
        }

        json.WriteStartArray("inputs"u8);
        var number = 0;
        foreach (var feature in CardFeatures.All) WriteTensor(json, feature, row, feature.IsCategory ? -1 : number++);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, Feature feature, Transaction row, int column)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, feature.Name);
        json.WriteStartArray("shape"u8);
        json.WriteNumberValue(1);
        json.WriteEndArray();
        json.WriteString("datatype"u8, feature.Datatype);
        json.WriteStartArray("data"u8);
        switch (feature.Datatype)
        {
            case Datatypes.Bytes: json.WriteStringValue(row.Category); break;
            case Datatypes.Bool: json.WriteBooleanValue(row.Numbers[column] != 0); break;
            case Datatypes.Int32: json.WriteNumberValue((int)row.Numbers[column]); break;
            default: json.WriteNumberValue(row.Numbers[column]); break;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
