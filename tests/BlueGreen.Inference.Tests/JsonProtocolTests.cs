using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Inference.Tests.Servers;
using BlueGreen.Platform.Inference;

namespace BlueGreen.Inference.Tests;

/// <summary>Each protocol of JSON over HTTP against a server that knows its paths and forms only.</summary>
public sealed class JsonProtocolTests : IDisposable
{
    private readonly Protocols _protocols = new();

    /// <summary>Protocol, path, request, answer, and the scores that are in it.</summary>
    public static TheoryData<string, string, string, string, double?[]> Exchanges => new()
    {
        { "tensorflow-serving", "/v1/models/fraud:predict", """{"instances":[[1.0,2.0],[3.0,4.0]]}""", """{"predictions":[0.25,0.75]}""", [0.25, 0.75] },
        { "tensorflow-serving", "/v1/models/fraud:predict", """{"signature_name":"s","inputs":{"a":[1,2],"b":[[3],[4]]}}""", """{"outputs":[[0.5],[0.6]]}""", [0.5, 0.6] },
        { "tensorflow-serving", "/v1/models/fraud:predict", """{"instances":[1,2,3]}""", """{"predictions":[NaN,Infinity]}""", [null, null, null] },
        { "tensorflow-serving", "/v1/models/fraud:predict", """{"instances":[{"x":1}]}""", """{"predictions":[{"class":"fraud","score":[0.9]}]}""", [0.9] },
        { "kserve-v1", "/v1/models/fraud:predict", """{"instances":[[1,2]]}""", """{"predictions":[1]}""", [1] },
        { "kserve-v1", "/v1/models/fraud:predict", """{"instances":[[1],[2]]}""", """{"predictions":["0.5",null]}""", [null, null] },
        { "kserve-v1", "/v1/models/fraud:predict", """{"instances":[[1],[2]]}""", """{"explanations":[]}""", [null, null] },
        { "torchserve", "/predictions/fraud", """{"data":"x"}""", "0.75", [0.75] },
        { "torchserve", "/predictions/fraud", """{"instances":[{"data":1},{"data":2}]}""", """{"predictions":[0.1,0.2]}""", [0.1, 0.2] },
        { "torchserve", "/predictions/fraud", """{"data":"x"}""", "[[0.1,-Infinity]]", [0.1, null] },
        { "mlflow", "/invocations", """{"dataframe_split":{"columns":["a"],"data":[[1],[2]]}}""", """{"predictions":[0.1,0.2]}""", [0.1, 0.2] },
        { "mlflow", "/invocations", """{"dataframe_records":[{"a":1},{"a":2}]}""", """{"predictions":[{"p":0.1},{"p":null}]}""", [0.1, null] },
        { "mlflow", "/invocations", """{"inputs":[[1],[2]],"params":{"k":1}}""", """{"predictions":[0.1]}""", [0.1, null] },
        { "sagemaker", "/invocations", """{"instances":[[1],[2]]}""", """{"predictions":[0.1,0.2]}""", [0.1, 0.2] },
        { "sagemaker", "/invocations", "[[1,2],[3,4]]", "[0.1,0.2]", [0.1, 0.2] },
        { "sagemaker", "/invocations", """{"amount":1}""", """{"score":0.1}""", [0.1] },
        { "seldon-v1", "/api/v1.0/predictions", """{"data":{"names":["a"],"ndarray":[[1],[2]]}}""", """{"meta":{},"data":{"names":["p"],"ndarray":[[0.1],[0.2]]}}""", [0.1, 0.2] },
        { "seldon-v1", "/api/v1.0/predictions", """{"data":{"tensor":{"shape":[2,1],"values":[1,2]}}}""", """{"data":{"tensor":{"shape":[2,1],"values":[0.1,NaN]}}}""", [0.1, null] },
        { "seldon-v1", "/api/v1.0/predictions", """{"strData":"x"}""", """{"jsonData":{"score":0.3}}""", [0.3] },
        { "json", "/predict", """{"amount":1}""", """{"score":0.1,"reason":"x"}""", [0.1] },
        { "json", "/predict", "[1,2]", "[0.1]", [0.1, null] },
    };

    [Theory]
    [MemberData(nameof(Exchanges))]
    public async Task Infer_AsTheProtocolHasIt_ReadsTheScores(string protocol, string path, string request, string answer, double?[] scores)
    {
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer> { [$"POST {path}"] = new(answer) });

        var reply = await _protocols.InferAsync(protocol, server.Address, request);

        Assert.True(reply.Succeeded, reply.Error);
        Assert.Equal(scores, reply.Scores);
        Assert.Equal(scores.Count(score => score is null), reply.NullPredictions);
        Assert.Equal(($"POST {path}", "application/json", request), Assert.Single(server.Requests));
    }

    [Theory]
    [InlineData("tensorflow-serving", "GET /v1/models/fraud", """{"model_version_status":[{"version":"2","state":"AVAILABLE","status":{"error_code":"OK"}}]}""", true)]
    [InlineData("tensorflow-serving", "GET /v1/models/fraud", """{"model_version_status":[{"version":"2","state":"LOADING"}]}""", false)]
    [InlineData("tensorflow-serving", "GET /v1/models/fraud", "", false)]
    [InlineData("kserve-v1", "GET /v1/models/fraud", """{"name":"fraud","ready":true}""", true)]
    [InlineData("kserve-v1", "GET /v1/models/fraud", """{"name":"fraud","ready":"False"}""", false)]
    [InlineData("torchserve", "GET /ping", """{"status":"Healthy"}""", true)]
    [InlineData("torchserve", "GET /ping", """{"status":"Unhealthy"}""", false)]
    [InlineData("mlflow", "GET /ping", "\n", true)]
    [InlineData("sagemaker", "GET /ping", "", true)]
    [InlineData("seldon-v1", "GET /ready", "ready", true)]
    [InlineData("json", "GET /health", "", true)]
    [InlineData("openai-chat", "GET /health", "", true)]
    [InlineData("sagemaker", "GET /elsewhere", "", false)]
    public async Task Probe_AsTheProtocolHasIt_TellsReadyFromNotReady(string protocol, string line, string body, bool ready)
    {
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer> { [line] = new(body) });

        var readiness = await _protocols.ProbeAsync(protocol, server.Address);

        Assert.Equal(ready, readiness.Ready);
        Assert.Equal(ready, readiness.Detail is null);
    }

    [Theory]
    [InlineData("tensorflow-serving", "{}", "none of: instances, inputs")]
    [InlineData("tensorflow-serving", """{"instances":[1],"inputs":[1]}""", "more than one of: instances, inputs")]
    [InlineData("kserve-v1", """{"instances":[]}""", "\"instances\" holds no rows")]
    [InlineData("mlflow", "[[1,2]]", "none of: dataframe_split/data, dataframe_records, instances, inputs")]
    [InlineData("seldon-v1", """{"data":{"tensor":{"shape":[2],"values":[1]}}}""", "\"data/tensor\" has no \"shape\" and \"values\" that agree")]
    [InlineData("seldon-v1", "7", "not a JSON object")]
    [InlineData("openai-chat", """{"prompt":"x"}""", "no \"messages\"")]
    public void ReadPayload_NotARequestOfTheProtocol_SaysWhatIsWrong(string protocol, string line, string error) =>
        Assert.Equal(error, _protocols.Of(protocol).ReadPayload(Encoding.UTF8.GetBytes(line)).Error);

    [Theory]
    [InlineData("tensorflow-serving", """{"instances":[[1]]}""", """{"instances":[[2],[3]]}""", """{"instances":[[1],[2],[3]]}""")]
    [InlineData("tensorflow-serving", """{"inputs":{"a":[1],"b":[[2]]}}""", """{"inputs":{"b":[[4]],"a":[3]}}""", null)]
    [InlineData("tensorflow-serving", """{"inputs":{"a":[1],"b":[[2]]}}""", """{"inputs":{"a":[3],"b":[[4]]}}""", """{"inputs":{"a":[1,3],"b":[[2],[4]]}}""")]
    [InlineData("kserve-v1", """{"instances":[[1]]}""", """{"instances":[[1,2]]}""", null)]
    [InlineData("mlflow", """{"dataframe_split":{"index":[7],"columns":["a"],"data":[[1]]}}""", """{"dataframe_split":{"index":[7],"columns":["a"],"data":[[2]]}}""", """{"dataframe_split":{"columns":["a"],"data":[[1],[2]]}}""")]
    [InlineData("seldon-v1", """{"data":{"ndarray":[[1]]}}""", """{"data":{"ndarray":[[2]]}}""", """{"data":{"ndarray":[[1],[2]]}}""")]
    [InlineData("seldon-v1", """{"data":{"tensor":{"shape":[1,2],"values":[1,2]}}}""", """{"data":{"tensor":{"shape":[1,2],"values":[3,4]}}}""", """{"data":{"tensor":{"shape":[2,2],"values":[1,2,3,4]}}}""")]
    [InlineData("sagemaker", "[[1]]", "[[2]]", "[[1],[2]]")]
    [InlineData("torchserve", """{"data":1}""", """{"data":2}""", null)]
    [InlineData("openai-chat", """{"messages":[{"role":"user","content":"a"}]}""", """{"messages":[{"role":"user","content":"b"}]}""", null)]
    public void Concatenate_RowsOfOneShape_StandInOneRequest(string protocol, string one, string other, string? both)
    {
        var spoken = _protocols.Of(protocol);
        var payloads = new[] { one, other }.Select(text => spoken.ReadPayload(Encoding.UTF8.GetBytes(text)).Payload!).ToArray();

        var batch = spoken.Concatenate(payloads);

        Assert.Equal(both, batch is null ? null : Encoding.UTF8.GetString(batch.Body.Span));
        if (batch is not null) Assert.Equal(payloads.Sum(payload => payload.Rows), batch.Rows);
    }

    [Fact]
    public async Task Settings_PathsRowsAndScore_AreUsed()
    {
        var settings = new InferenceSettings
        {
            Path = "/api/{model}/score",
            ReadyPath = "/up",
            Rows = "/batch/rows",
            Score = "/results/*/risk~1score",
        };
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer>
        {
            ["GET /up"] = new(""),
            ["POST /api/fraud/score"] = new("""{"results":[{"risk/score":0.5},{},{"risk/score":"0.7"}]}"""),
        });

        Assert.True((await _protocols.ProbeAsync("json", server.Address, settings)).Ready);
        var reply = await _protocols.InferAsync("json", server.Address, """{"batch":{"rows":[1,2,3]}}""", settings);

        Assert.Equal([0.5, null, null], reply.Scores);
    }

    [Fact]
    public void Concatenate_RequestsOfCsv_AreLinesOfOne()
    {
        var protocol = _protocols.Of("sagemaker");
        var (one, two) = (protocol.ReadPayload("\"1,2\\n3,4\\n\""u8.ToArray()).Payload!, protocol.ReadPayload("\"5,6\""u8.ToArray()).Payload!);
        var both = protocol.Concatenate([one, two])!;
        Assert.Equal(("1,2\n3,4\n5,6", 3, "text/csv"), (Encoding.UTF8.GetString(both.Body.Span), both.Rows, both.MediaType));
        Assert.Null(protocol.Concatenate([one, protocol.ReadPayload("\"5\""u8.ToArray()).Payload!]));
        Assert.Null(protocol.Concatenate([one, protocol.ReadPayload("[[1,2]]"u8.ToArray()).Payload!]));
    }

    [Fact]
    public async Task SageMaker_TextInThePayloadFile_IsSentAndReadAsCsv()
    {
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer>
        {
            ["POST /invocations"] = new("0.25\nNaN\n", MediaType: "text/csv"),
        });

        var reply = await _protocols.InferAsync("sagemaker", server.Address, "\"1,2\\n3,4\"");

        Assert.Equal([0.25, null], reply.Scores);
        Assert.Equal(("POST /invocations", "text/csv", "1,2\n3,4"), Assert.Single(server.Requests));
    }

    [Fact]
    public async Task Labels_AreReadAsLabels_AndEveryOutputIsNamed()
    {
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer>
        {
            ["POST /v1/models/fraud:predict"] = new("""{"predictions":[{"class":"good","p":[0.1,0.9]},{"class":"","p":[0.2,0.8]}]}"""),
            ["POST /invocations"] = new("""{"predictions":["good",null]}"""),
        });

        var both = await _protocols.InferAsync("kserve-v1", server.Address, """{"instances":[[1],[2]]}""");
        var labels = await _protocols.InferAsync("mlflow", server.Address, """{"inputs":[[1],[2]]}""");

        Assert.Equal([0.1, 0.9, 0.2, 0.8], both.Scores);
        Assert.Equal(["/predictions/p", "/predictions/class"], both.Outputs.Select(output => output.Name));
        Assert.Equal(["good", null], both.Outputs[1].Labels);
        Assert.Equal(["good", null], labels.Labels);
        Assert.Empty(labels.Scores);
        Assert.Equal(1, labels.NullPredictions);
    }

    [Fact]
    public async Task TensorFlow_Metadata_AreDeclaredAsTheOpenProtocolWouldAndOthersHaveNone()
    {
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer>
        {
            ["GET /v1/models/fraud/metadata"] = new("""
                {"metadata":{"signature_def":{"signature_def":{"serving_default":{
                "inputs":{"x":{"dtype":"DT_FLOAT","tensor_shape":{"dim":[{"size":"-1","name":""},{"size":"2","name":""}],"unknown_rank":false},"name":"x:0"}},
                "outputs":{"label":{"dtype":"DT_STRING","tensor_shape":{"dim":[{"size":"-1","name":""}],"unknown_rank":false}},"n":{"dtype":"DT_INT64"}}}}}}}
                """),
        });
        var target = new InferenceTarget(server.Address, "fraud");
        var declared = await _protocols.Of("tensorflow-serving").DescribeAsync(target, TestContext.Current.CancellationToken);
        Assert.Equal(
            """{"inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],"outputs":[{"name":"label","datatype":"BYTES","shape":[-1]},{"name":"n","datatype":"INT64","shape":[]}]}""",
            System.Text.Encoding.UTF8.GetString(declared.Metadata!.Value.Span));
        foreach (var name in new[] { "torchserve", "mlflow", "sagemaker", "kserve-v1", "seldon-v1", "openai-chat", "json" })
            Assert.False((await _protocols.Of(name).DescribeAsync(target, TestContext.Current.CancellationToken)).IsOffered);
    }

    [Fact]
    public async Task TensorFlow_Metadata_GiveARequestOfOneRow()
    {
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer>
        {
            ["GET /v1/models/fraud/metadata"] = new("""
                {"model_spec":{"name":"fraud","version":"2"},"metadata":{"signature_def":{"signature_def":{"serving_default":{"inputs":{
                "x":{"dtype":"DT_FLOAT","tensor_shape":{"dim":[{"size":"-1","name":""},{"size":"2","name":""}],"unknown_rank":false},"name":"x:0"},
                "s":{"dtype":"DT_STRING","tensor_shape":{"dim":[{"size":"-1","name":""}],"unknown_rank":false},"name":"s:0"}},"outputs":{}}}}}}
                """),
        });

        var payload = await _protocols.SynthesizeAsync("tensorflow-serving", server.Address);

        Assert.Equal("""{"instances":[{"x":[0,0],"s":""}]}""", Encoding.UTF8.GetString(payload!.Body.Span));
    }

    [Theory]
    [InlineData("tensorflow-serving", """{"instances":[1]}""")]
    [InlineData("mlflow", """{"inputs":[1]}""")]
    [InlineData("seldon-v1", """{"strData":"x"}""")]
    [InlineData("json", "{}")]
    public async Task Infer_NoAnswerOfTheProtocol_IsDataNotAnException(string protocol, string request)
    {
        var server = await PathServer.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 200;
            await context.Response.Body.WriteAsync("<html>"u8.ToArray());
        });
        Assert.Equal((200, $"the body is not an answer of {protocol}"), Facts(await _protocols.InferAsync(protocol, server.Address, request)));
        var address = server.Address;
        await server.DisposeAsync();
        var reply = await _protocols.InferAsync(protocol, address, request);
        Assert.True(reply is { Status: null, Succeeded: false, ConnectionLost: true });
    }

    [Fact]
    public async Task Infer_TooSlow_TimesOut()
    {
        using var protocols = new Protocols(TimeSpan.FromMilliseconds(100));
        await using var server = await PathServer.StartAsync((context, _) => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var reply = await protocols.InferAsync("json", server.Address, "{}");
        Assert.True(reply is { TimedOut: true, Status: null, Error: "no answer within 0.1 s" });
    }

    public void Dispose() => _protocols.Dispose();

    private static (int?, string?) Facts(InferenceReply reply) => (reply.Status, reply.Error);
}
