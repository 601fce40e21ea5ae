using System.Buffers.Binary;
using BlueGreen.Inference.Tests.Contract;
using BlueGreen.Inference.Tests.Servers;
using Google.Protobuf;
using Grpc.Core;

namespace BlueGreen.Inference.Tests;

/// <summary>The gRPC client against a server generated from the whole public contract.</summary>
public sealed class GrpcTests : IDisposable
{
    private const string Grpc = "open-inference-v2-grpc";
    private const string TwoRows = """
        {"id":"7","parameters":{"p":true,"q":2,"r":"x"},"inputs":[{"name":"x","shape":[2,1],"datatype":"FP32","data":[[1.5],[null]]},
        {"name":"s","shape":[2],"datatype":"BYTES","data":["a","b"]},{"name":"n","shape":[2],"datatype":"INT64","data":[1,2]}],
        "outputs":[{"name":"score"}]}
        """;

    private readonly Protocols _protocols = new();

    [Fact]
    public async Task Infer_TypedContents_GoThereAndBack()
    {
        await using var server = await TensorServer.StartAsync(_ => Response("FP32", contents => contents.Fp32Contents.Add([0.25f, float.NaN])));

        var reply = await _protocols.InferAsync(Grpc, server.Address, TwoRows);

        Assert.True(reply.Succeeded, reply.Error);
        Assert.Equal([0.25, null], reply.Scores);
        var request = server.Last!;
        Assert.Equal(("fraud", "7", false), (request.ModelName, request.Id, request.HasModelVersion));
        Assert.True(request.Parameters["p"].BoolParam && request.Parameters["q"].Int64Param == 2 && request.Parameters["r"].StringParam == "x");
        Assert.Equal([1.5f, float.NaN], request.Inputs[0].Contents.Fp32Contents);
        Assert.Equal([2L, 1L], request.Inputs[0].Shape);
        Assert.Equal(["a", "b"], request.Inputs[1].Contents.BytesContents.Select(bytes => bytes.ToStringUtf8()));
        Assert.Equal([1L, 2L], request.Inputs[2].Contents.Int64Contents);
        Assert.Equal("score", Assert.Single(request.Outputs).Name);
    }

    [Fact]
    public async Task Infer_SixteenBits_GoRaw()
    {
        await using var server = await TensorServer.StartAsync(_ => new ModelInferResponse
        {
            Outputs =
            {
                new ModelInferResponse.Types.InferOutputTensor { Name = "label", Datatype = "BYTES", Shape = { 1 } },
                new ModelInferResponse.Types.InferOutputTensor { Name = "score", Datatype = "FP16", Shape = { 2 } },
            },
            RawOutputContents = { ByteString.CopyFrom(1, 0, 0, 0, (byte)'a'), Halves(0.5f, float.PositiveInfinity) },
        });

        var reply = await _protocols.InferAsync(
            Grpc, server.Address, """{"inputs":[{"name":"x","shape":[2],"datatype":"FP16","data":[1,2]}]}""");

        Assert.Equal([0.5, null], reply.Scores);
        Assert.Equal(["a"], reply.Outputs[1].Labels);
        Assert.Equal(Halves(1, 2), Assert.Single(server.Last!.RawInputContents));
        Assert.Null(server.Last.Inputs[0].Contents);
    }

    [Theory]
    [InlineData("BOOL")]
    [InlineData("INT32")]
    [InlineData("INT64")]
    [InlineData("UINT8")]
    [InlineData("UINT64")]
    [InlineData("FP64")]
    public async Task Infer_EveryNumericType_IsRead(string datatype)
    {
        await using var server = await TensorServer.StartAsync(_ => Response(datatype, contents =>
        {
            if (datatype == "BOOL") contents.BoolContents.Add(true);
            if (datatype == "INT32") contents.IntContents.Add(1);
            if (datatype == "INT64") contents.Int64Contents.Add(1);
            if (datatype == "UINT8") contents.UintContents.Add(1);
            if (datatype == "UINT64") contents.Uint64Contents.Add(1);
            if (datatype == "FP64") contents.Fp64Contents.Add(1);
        }));

        var reply = await _protocols.InferAsync(Grpc, server.Address, TwoRows);

        Assert.Equal([1.0, null], reply.Scores);
    }

    [Fact]
    public async Task Infer_NoOutputsAtAll_OwesEveryRow()
    {
        await using var server = await TensorServer.StartAsync(_ => new ModelInferResponse());
        Assert.Equal([null, null], (await _protocols.InferAsync(Grpc, server.Address, TwoRows)).Scores);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, 400)]
    [InlineData(StatusCode.NotFound, 404)]
    [InlineData(StatusCode.ResourceExhausted, 429)]
    [InlineData(StatusCode.Internal, 500)]
    public async Task Infer_ErrorStatus_IsDataNotAnException(StatusCode code, int status)
    {
        await using var server = await TensorServer.StartAsync(_ => throw new RpcException(new Status(code, "no")));
        var reply = await _protocols.InferAsync(Grpc, server.Address, TwoRows);
        Assert.Equal((status, $"{code}: no", false), (reply.Status, reply.Error, reply.Succeeded));
    }

    [Fact]
    public async Task Infer_NobodyThere_IsALostConnection()
    {
        var server = await TensorServer.StartAsync(_ => new ModelInferResponse());
        var address = server.Address;
        await server.DisposeAsync();
        var reply = await _protocols.InferAsync(Grpc, address, TwoRows);
        Assert.True(reply is { Status: null, ConnectionLost: true, Succeeded: false });
    }

    [Fact]
    public async Task Infer_TooSlow_TimesOut()
    {
        using var protocols = new Protocols(TimeSpan.FromMilliseconds(100));
        using var release = new ManualResetEventSlim();
        await using var server = await TensorServer.StartAsync(_ =>
        {
            release.Wait(TestContext.Current.CancellationToken);
            return new ModelInferResponse();
        });
        var reply = await protocols.InferAsync(Grpc, server.Address, TwoRows);
        release.Set();
        Assert.True(reply is { TimedOut: true, Status: null, Error: "no answer within 0.1 s" });
    }

    [Theory]
    [InlineData(true, "fraud", null)]
    [InlineData(false, "fraud", "not ready: the server says no")]
    [InlineData(true, "other", "not ready for model other: NotFound: no such model")]
    public async Task Probe_AsksServerAndModel(bool ready, string model, string? detail)
    {
        await using var server = await TensorServer.StartAsync(_ => new ModelInferResponse(), ready);
        var readiness = await _protocols.Of(Grpc).ProbeAsync(new(server.Address, model), TestContext.Current.CancellationToken);
        Assert.Equal((detail is null, detail), (readiness.Ready, readiness.Detail));
    }

    [Fact]
    public async Task Describe_ModelMetadata_AreThoseOfTheProtocolOverHttp()
    {
        var metadata = new ModelMetadataResponse { Name = "fraud" };
        metadata.Inputs.Add(new ModelMetadataResponse.Types.TensorMetadata { Name = "x", Datatype = "FP32", Shape = { -1, 2 } });
        metadata.Outputs.Add(new ModelMetadataResponse.Types.TensorMetadata { Name = "score", Datatype = "FP64", Shape = { -1 } });
        await using var server = await TensorServer.StartAsync(_ => new(), metadata: metadata);
        await using var mute = await TensorServer.StartAsync(_ => new());

        var declared = await _protocols.Of(Grpc).DescribeAsync(new(server.Address, "fraud"), TestContext.Current.CancellationToken);
        Assert.Equal(
            """{"inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],"outputs":[{"name":"score","datatype":"FP64","shape":[-1]}]}""",
            System.Text.Encoding.UTF8.GetString(declared.Metadata!.Value.Span));
        var none = await _protocols.Of(Grpc).DescribeAsync(new(mute.Address, "fraud"), TestContext.Current.CancellationToken);
        Assert.True(none.IsOffered);
        Assert.Contains("no metadata", none.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Synthesize_FromMetadata_MakesARequestThatTheServerTakes()
    {
        var metadata = new ModelMetadataResponse { Name = "fraud" };
        metadata.Inputs.Add(new ModelMetadataResponse.Types.TensorMetadata { Name = "x", Datatype = "FP32", Shape = { -1, 2 } });
        await using var server = await TensorServer.StartAsync(_ => Response("FP64", contents => contents.Fp64Contents.Add(1)), metadata: metadata);

        var payload = await _protocols.SynthesizeAsync(Grpc, server.Address);
        await _protocols.Of(Grpc).InferAsync(new(server.Address, "fraud"), payload!, TestContext.Current.CancellationToken);

        Assert.Equal([0f, 0f], server.Last!.Inputs[0].Contents.Fp32Contents);
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32"}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP7","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"INT32","data":["a"]}]}""")]
    public void ReadPayload_NotATensor_SaysSo(string line) => Assert.StartsWith(
        "not a tensor request", _protocols.Of(Grpc).ReadPayload(System.Text.Encoding.UTF8.GetBytes(line)).Error, StringComparison.Ordinal);

    public void Dispose() => _protocols.Dispose();

    private static ModelInferResponse Response(string datatype, Action<InferTensorContents> fill)
    {
        var contents = new InferTensorContents();
        fill(contents);
        return new ModelInferResponse
        {
            ModelName = "fraud",
            ModelVersion = "2",
            Outputs = { new ModelInferResponse.Types.InferOutputTensor { Name = "score", Datatype = datatype, Shape = { 2 }, Contents = contents } },
        };
    }

    private static ByteString Halves(params float[] values)
    {
        var bytes = new byte[2 * values.Length];
        for (var i = 0; i < values.Length; i++) BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(2 * i), (Half)values[i]);
        return ByteString.CopyFrom(bytes);
    }
}
