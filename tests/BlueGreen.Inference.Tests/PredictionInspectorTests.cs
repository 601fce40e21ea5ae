using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Inference.Tests.Servers;
using BlueGreen.Platform.Inference;
using CsCheck;

namespace BlueGreen.Inference.Tests;

public sealed class PredictionInspectorTests
{
    [Theory]
    [InlineData("""{"outputs":[{"name":"score","datatype":"FP32","shape":[2],"data":[0.5,null]}]}""", true)]
    [InlineData("""{"outputs":[{"name":"score","datatype":"FP32","data":[[0.5],[NaN]]}]}""", true)]
    [InlineData("""{"outputs":[{"data":["NaN"],"datatype":"FP64"}]}""", true)]
    [InlineData("""{"outputs":[{"data":["0.5"],"datatype":"FP64"}]}""", true)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[Infinity]}]}""", true)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[-Infinity,1]}]}""", true)]
    [InlineData("""{"outputs":[{"datatype":"INT64","data":[null]},{"datatype":"FP32","data":[1]}]}""", false)]
    [InlineData("""{"outputs":[{"datatype":"BYTES","data":["a"]}]}""", false)]
    [InlineData("""{"outputs":[{"datatype":"FP32","data":[]}]}""", true)]
    [InlineData("""{"outputs":[]}""", true)]
    [InlineData("""{"id":"7"}""", true)]
    [InlineData("""{"id":null,"parameters":null,"outputs":[{"parameters":{"data":[null]},"data":[0.5]}]}""", false)]
    [InlineData("""{"data":[null],"outputs":[{"name":"a NaN \" NaN","data":[0.5]}]}""", false)]
    [InlineData("""{"outputs":[{"data":[0.5,nu""", null)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[1e999]}]}""", true)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[1],"data":[null]}]}""", true)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[null],"data":[1]}]}""", false)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[1]}],"outputs":[]}""", true)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[1]}]} x""", null)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[[1,true],[]],"name":{"data":[null]}}],"id":[null]}""", false)]
    [InlineData("""{"outputs":[{"datatype":"FP64","data":[[1,2],[3,null]]}]}""", true)]
    [InlineData("""{"outputs":[{"datatype":"BYTES","data":[1]},{"datatype":"FP64","data":[]}]}""", true)]
    [InlineData("", null)]
    public void OwesPrediction_OpenInference_LooksAtTheOutputThatIsJudged(string body, bool? owes) =>
        Assert.Equal(owes, PredictionInspector.For("open-inference-v2", null)!.OwesPrediction(Encoding.UTF8.GetBytes(body), "application/json"));

    [Theory]
    [InlineData("kserve-v1", """{"predictions":[1,2]}""", false)]
    [InlineData("kserve-v1", """{"predictions":[1,NaN]}""", true)]
    [InlineData("kserve-v1", """{"predictions":["good"]}""", false)]
    [InlineData("tensorflow-serving", """{"outputs":{"a":[1,"0.5"]}}""", true)]
    [InlineData("seldon-v1", """{"data":{"ndarray":[[null]]}}""", true)]
    [InlineData("mlflow", """{"predictions":[]}""", true)]
    [InlineData("openai-chat", """{"choices":[{"message":{"content":""}}]}""", true)]
    [InlineData("openai-chat", """{"choices":[{"message":{"content":"x"}}]}""", false)]
    public void OwesPrediction_OtherProtocols_HaveTheirOwnPlaces(string protocol, string body, bool? owes) =>
        Assert.Equal(owes, PredictionInspector.For(protocol, null)!.OwesPrediction(Encoding.UTF8.GetBytes(body), "application/json"));

    [Theory]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n", false)]
    [InlineData("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n", true)]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n", null)]
    public void OwesPrediction_StreamedChat_NeedsContent(string body, bool? owes) =>
        Assert.Equal(owes, PredictionInspector.For("openai-chat", null)!.OwesPrediction(Encoding.UTF8.GetBytes(body), "text/event-stream"));

    [Fact]
    public async Task OwesPrediction_AgreesWithTheClient_ForEveryBodyAndProtocol()
    {
        using var protocols = new Protocols();
        string[] bodies =
        [
            "[0.5]", "[NaN]", "{}", "0.5", """{"predictions":[0.5]}""", """{"predictions":[null]}""", """{"predictions":["a"]}""",
            """{"predictions":"0.5"}""", """{"predictions":[{"a":1},{"a":null}]}""", """{"data":{"ndarray":[[1]]}}""", "<html>", "",
        ];
        foreach (var (protocol, payload) in new[] { ("kserve-v1", """{"instances":[1]}"""), ("json", "{}"), ("mlflow", """{"inputs":[1]}"""), ("seldon-v1", """{"strData":"x"}""") })
        {
            foreach (var body in bodies)
            {
                await using var server = await PathServer.StartAsync(async (context, _) =>
                {
                    context.Response.ContentType = "application/json";
                    await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
                });
                var reply = await protocols.InferAsync(protocol, server.Address, payload);
                var owes = PredictionInspector.For(protocol, null)!.OwesPrediction(Encoding.UTF8.GetBytes(body), "application/json");
                Assert.True((owes == true) == (reply.NullPredictions > 0), $"{protocol}: {body}");
            }
        }
    }

    [Theory]
    [InlineData("open-inference-v2", "POST", "/fraud/v2/models/fraud/versions/2/infer", true)]
    [InlineData("open-inference-v2", "POST", "/v2/repository/index", false)]
    [InlineData("open-inference-v2", "GET", "/v2/models/fraud", false)]
    [InlineData("kserve-v1", "POST", "/v1/models/fraud:predict", true)]
    [InlineData("kserve-v1", "POST", "/v1/models/fraud:explain", false)]
    [InlineData("torchserve", "POST", "/x/predictions/fraud/1.0", true)]
    [InlineData("sagemaker", "POST", "/fraud/invocations", true)]
    [InlineData("openai-chat", "POST", "/v1/completions", false)]
    [InlineData("json", "POST", "/score", true)]
    public void Predicts_TellsPredictionsFromOtherRequests(string protocol, string method, string path, bool predicts)
    {
        var settings = new InferenceSettings { Path = protocol == "json" ? "/score" : null };
        Assert.Equal(predicts, PredictionInspector.For(protocol, settings)!.Predicts(method, path));
    }

    [Fact]
    public void For_GrpcOrUnknown_CannotBeReadInPassing()
    {
        Assert.Null(PredictionInspector.For("open-inference-v2-grpc", null));
        Assert.Null(PredictionInspector.For("carrier-pigeon", null));
    }

    [Fact]
    public void OwesPrediction_NeverThrows_WhateverTheBytes() =>
        Gen.Select(
            Gen.OneOf(ProtocolNames.All.Where(name => name != ProtocolNames.OpenInferenceV2Grpc).ToArray()),
            Gen.OneOf(
                Gen.Byte.Array[0, 200],
                Gen.OneOf(
                    "{", "}", "[", "]", "\"outputs\"", "\"data\"", "\"predictions\"", "\"choices\"", ":", ",", "null", "NaN", "Infinity", "1",
                    "\"", "\\", "data:", "\n")
                    .Array[0, 30].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)))),
            Gen.OneOf("application/json", "text/csv", "text/event-stream"))
            .Sample((protocol, bytes, type) => { PredictionInspector.For(protocol, null)!.OwesPrediction(bytes, type); });
}
