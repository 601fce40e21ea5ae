using System.Text.Json;
using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Protocol;

/// <summary>Writes Open Inference Protocol v2 REST bodies.</summary>
internal static class ResponseWriter
{
    public static void WriteError(Utf8JsonWriter json, string error)
    {
        json.WriteStartObject();
        json.WriteString("error"u8, error);
        json.WriteEndObject();
    }

    public static void WriteServer(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "model-server"u8);
        json.WriteString("version"u8, "1.0.0"u8);
        json.WriteStartArray("extensions"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteModel(Utf8JsonWriter json, ModelMetadata model)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, model.Name);
        json.WriteStartArray("versions"u8);
        json.WriteStringValue(model.Version);
        json.WriteEndArray();
        json.WriteString("platform"u8, "mlnet"u8);
        json.WriteStartArray("inputs"u8);
        foreach (var feature in model.Features) WriteTensorMetadata(json, feature.Name, feature.Datatype);
        json.WriteEndArray();
        json.WriteStartArray("outputs"u8);
        WriteTensorMetadata(json, OutputNames.Score, Datatypes.Fp32);
        WriteTensorMetadata(json, OutputNames.IsFraud, Datatypes.Bool);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteInference(Utf8JsonWriter json, ModelMetadata model, InferRequest request, float[] scores)
    {
        json.WriteStartObject();
        json.WriteString("model_name"u8, model.Name);
        json.WriteString("model_version"u8, model.Version);
        if (request.Id is not null) json.WriteString("id"u8, request.Id);
        json.WriteStartArray("outputs"u8);
        if (Wants(request, OutputNames.Score)) WriteScores(json, scores);
        if (Wants(request, OutputNames.IsFraud)) WriteDecisions(json, scores, model.Threshold);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static bool Wants(InferRequest request, string output) => request.Outputs?.Contains(output) ?? true;

    private static void WriteScores(Utf8JsonWriter json, float[] scores)
    {
        StartTensor(json, OutputNames.Score, Datatypes.Fp32, scores.Length);
        foreach (var score in scores)
        {
            if (float.IsFinite(score)) json.WriteNumberValue(score);
            else json.WriteNullValue();
        }

        EndTensor(json);
    }

    private static void WriteDecisions(Utf8JsonWriter json, float[] scores, float threshold)
    {
        StartTensor(json, OutputNames.IsFraud, Datatypes.Bool, scores.Length);
        foreach (var score in scores)
        {
            if (float.IsFinite(score)) json.WriteBooleanValue(score >= threshold);
            else json.WriteNullValue();
        }

        EndTensor(json);
    }

    private static void StartTensor(Utf8JsonWriter json, string name, string datatype, int rows)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, datatype);
        json.WriteStartArray("shape"u8);
        json.WriteNumberValue(rows);
        json.WriteEndArray();
        json.WriteStartArray("data"u8);
    }

    private static void EndTensor(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteTensorMetadata(Utf8JsonWriter json, string name, string datatype)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("datatype"u8, datatype);
        json.WriteStartArray("shape"u8);
        json.WriteNumberValue(-1);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
