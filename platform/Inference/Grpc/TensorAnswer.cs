using BlueGreen.Platform.Inference.Answers;
using BlueGreen.Platform.Inference.Grpc.Wire;
using BlueGreen.Platform.Inference.OpenInference;

namespace BlueGreen.Platform.Inference.Grpc;

/// <summary>Reads the outputs of an infer response, typed or raw.</summary>
internal static class TensorAnswer
{
    public static Predictions Read(ModelInferResponse response)
    {
        var outputs = new List<(int, PredictedOutput)>(response.Outputs.Count);
        for (var i = 0; i < response.Outputs.Count; i++)
        {
            var raw = i < response.RawOutputContents.Count ? response.RawOutputContents[i].Span : default;
            outputs.Add((OpenInferenceAnswer.Rank(response.Outputs[i].Datatype), Read(response.Outputs[i], raw)));
        }

        return OpenInferenceAnswer.InOrder(outputs);
    }

    private static PredictedOutput Read(Tensor output, ReadOnlySpan<byte> raw)
    {
        var values = new OutputValues(output.Name, textOnly: true);
        var contents = output.Contents ?? new InferTensorContents();
        if (output.Datatype == "BYTES")
        {
            var texts = raw.IsEmpty ? contents.BytesContents.Select(bytes => bytes.ToStringUtf8()) : RawTensor.Texts(raw);
            foreach (var text in texts) values.AddText(text);
        }
        else
        {
            var numbers = raw.IsEmpty ? TypedTensor.Numbers(output.Datatype, contents) : RawTensor.Numbers(output.Datatype, raw);
            foreach (var number in numbers ?? []) values.AddNumber(number);
        }

        return values.ToOutput();
    }
}
