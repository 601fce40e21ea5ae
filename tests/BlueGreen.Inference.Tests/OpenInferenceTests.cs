using System.Text;
using BlueGreen.Platform.Inference;
using BlueGreen.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Inference.Tests;

/// <summary>Answers of the Open Inference Protocol v2 as servers are known to write them.</summary>
public sealed class OpenInferenceTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddInference().AddInference().BuildServiceProvider();

    private IInferenceProtocol Protocol => _services.GetRequiredService<IInferenceProtocols>().Find("open-inference-v2")!;

    public static TheoryData<string, double?[]> Bodies => new()
    {
        { Output("[0.25,0.75]"), [0.25, 0.75] },
        { Output("[[0.25],[0.75]]"), [0.25, 0.75] },
        { Output("[1e3,-2]"), [1000, -2] },
        { Output("[NaN,0.5]"), [null, 0.5] },
        { Output("[Infinity, -Infinity]"), [null, null] },
        { Output("[null,\"0.5\"]"), [null, null] },
        { Output("[\"NaN\",1e999]"), [null, null] },
        { Output("[0.5]"), [0.5, null] },
        { Output("[]"), [null, null] },
        { Output("0.5"), [0.5, null] },
        { Output("{\"a\":1}"), [null, null] },
        { "{}", [null, null] },
        { """{"outputs":null}""", [null, null] },
        { """{"outputs":[7,{"name":"score"}]}""", [null, null] },
        { """{"outputs":[{"name":"flag","datatype":"BOOL","data":[true,false]}]}""", [1, 0] },
        { """{"outputs":[{"name":"class","datatype":"INT64","data":[1,2]},{"name":"p","datatype":"FP32","data":[0.1,0.2]}]}""", [0.1, 0.2] },
        { """{"outputs":[{"name":"p","datatype":"FP32","shape":[2]},{"name":"class","datatype":"INT64","data":[1,2]}]}""", [null, null] },
        { """{"id":"a \" NaN \\","outputs":[{"datatype":"FP32","data":[NaN,1]}]}""", [null, 1] },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Infer_AnyBody_GivesAScoreOrANullPerRow(string body, double?[] expected)
    {
        await using var server = await ModelServer.StartAsync(_ => Task.FromResult(Results.Text(body, "application/json")));
        var reply = await InferAsync(server);
        Assert.True(reply.Succeeded, reply.Error);
        Assert.Equal(expected, reply.Scores);
        Assert.Equal(expected.Count(score => score is null), reply.NullPredictions);
    }

    [Fact]
    public async Task Infer_OutputOfBytes_GivesLabelsAndNullsForEmptyOnes()
    {
        const string body = """{"outputs":[{"name":"label","datatype":"BYTES","data":["7",""]},{"name":"other","datatype":"BYTES","data":["a"]}]}""";
        await using var server = await ModelServer.StartAsync(_ => Task.FromResult(Results.Text(body, "application/json")));
        var reply = await InferAsync(server);
        Assert.Equal(["7", null], reply.Labels);
        Assert.Empty(reply.Scores);
        Assert.Equal(1, reply.NullPredictions);
        Assert.Equal(["label", "other"], reply.Outputs.Select(output => output.Name));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("[0.5]")]
    [InlineData("")]
    [InlineData("{\"outputs\":[")]
    public async Task Infer_NotAnInferenceResponse_IsAnError(string body)
    {
        await using var server = await ModelServer.StartAsync(_ => Task.FromResult(Results.Text(body)));
        var reply = await InferAsync(server);
        Assert.Equal((200, "the body is not an inference response"), (reply.Status, reply.Error));
        Assert.Empty(reply.Scores);
    }

    [Fact]
    public async Task Infer_ErrorStatusOrNobodyThere_IsDataNotAnException()
    {
        var server = await ModelServer.StartAsync(_ => Task.FromResult(Results.Json(new { error = "no" }, statusCode: 400)));
        var address = server.Address;
        Assert.Equal((400, "status 400", false), Facts(await InferAsync(server)));
        await server.DisposeAsync();
        var reply = await Protocol.InferAsync(new(address, "fraud"), Payload(), TestContext.Current.CancellationToken);
        Assert.Equal((null, false), (reply.Status, reply.Succeeded));
    }

    [Theory]
    [InlineData("7", "not a JSON object")]
    [InlineData("{}", "no \"inputs\" array")]
    [InlineData("""{"inputs":[{"name":"x"}]}""", "the first input has no \"shape\" of numbers")]
    public void ReadPayload_NotARequest_SaysWhatIsWrong(string line, string error) =>
        Assert.Equal(error, Protocol.ReadPayload(Encoding.UTF8.GetBytes(line)).Error);

    [Fact]
    public void PayloadFile_EmptyLinesAndByteOrderMark_AreSkipped()
    {
        var line = Encoding.UTF8.GetString(Payload().Body.Span);
        var reading = PayloadFile.Read(Encoding.UTF8.GetBytes($"\uFEFF{line}\r\n\r\n  {line}  \n"), "golden.jsonl", Protocol);
        Assert.Null(reading.Error);
        Assert.Equal(2, reading.Payloads.Count);
        Assert.All(reading.Payloads, payload => Assert.Equal(line, Encoding.UTF8.GetString(payload.Body.Span)));
        Assert.Equal("golden.jsonl holds no requests", PayloadFile.Read("\n"u8.ToArray(), "golden.jsonl", Protocol).Error);
    }

    [Fact]
    public void Concatenate_DifferentInputs_IsRefused()
    {
        var other = Protocol.ReadPayload("""{"inputs":[{"name":"y","shape":[2,1],"datatype":"FP64","data":[1,2]}]}"""u8.ToArray()).Payload!;
        Assert.Null(Protocol.Concatenate([Payload(), other]));
        Assert.Equal(4, Protocol.Concatenate([Payload(), Payload()])!.Rows);
    }

    [Fact]
    public async Task Synthesize_MetadataWithFreeDimensions_MakesOneRow()
    {
        await using var server = await ModelServer.StartAsync(_ => Task.FromResult(ModelServer.Scores(1)));
        server.Metadata = """{"inputs":[{"name":"a","datatype":"FP32","shape":[-1,2]},{"name":"b","datatype":"BYTES","shape":[-1]}]}""";
        var payload = await Protocol.SynthesizeAsync(new(server.Address, "fraud"), TestContext.Current.CancellationToken);
        Assert.Equal(
            """{"inputs":[{"name":"a","datatype":"FP32","shape":[1,2],"data":[0,0]},{"name":"b","datatype":"BYTES","shape":[1],"data":[""]}]}""",
            Encoding.UTF8.GetString(payload!.Body.Span));
    }

    public void Dispose() => _services.Dispose();

    private static (int?, string?, bool) Facts(InferenceReply reply) => (reply.Status, reply.Error, reply.Succeeded);

    private Task<InferenceReply> InferAsync(ModelServer server) =>
        Protocol.InferAsync(new(server.Address, "fraud"), Payload(), TestContext.Current.CancellationToken);

    /// <summary>Two rows.</summary>
    private InferencePayload Payload() => Protocol.ReadPayload(
        """{"inputs":[{"name":"x","shape":[2,1],"datatype":"FP64","data":[1,2]}],"parameters":{"label":1}}"""u8.ToArray()).Payload!;

    private static string Output(string data) => $$"""{"outputs":[{"name":"score","datatype":"FP32","shape":[2],"data":{{data}}}]}""";
}
