using System.Text.Json;
using BlueGreen.Platform.Inference.Grpc.Wire;
using BlueGreen.Platform.Inference.OpenInference;
using Grpc.Core;

namespace BlueGreen.Platform.Inference.Grpc;

/// <summary>
/// Open Inference Protocol v2 over gRPC, unencrypted HTTP/2. Payload files are the same as for the protocol over HTTP: each request is
/// turned into a message once, and sent as often as it is wanted.
/// </summary>
internal sealed class OpenInferenceV2Grpc(ReplicaGrpc grpc) : IInferenceProtocol
{
    private readonly TensorRequests _requests = new();

    public string Name => ProtocolNames.OpenInferenceV2Grpc;

    public async Task<ReplicaReadiness> ProbeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        var live = await grpc.CallAsync(
            target.Address, static (client, options) => client.ServerLiveAsync(new ServerLiveRequest(), options), cancellationToken);
        if (live.Message is not { Live: true }) return NotReady("live", live.Error);
        var ready = await grpc.CallAsync(
            target.Address, static (client, options) => client.ServerReadyAsync(new ServerReadyRequest(), options), cancellationToken);
        if (ready.Message is not { Ready: true }) return NotReady("ready", ready.Error);
        var model = await grpc.CallAsync(
            target.Address, (client, options) => client.ModelReadyAsync(new ModelReadyRequest { Name = target.Model }, options), cancellationToken);
        return model.Message is { Ready: true } ? new(true, null) : NotReady($"ready for model {target.Model}", model.Error);
    }

    public async Task<InferenceReply> InferAsync(
        InferenceTarget target, InferencePayload payload, CancellationToken cancellationToken)
    {
        var request = _requests.For(payload, target.Model);
        var answer = await grpc.CallAsync(target.Address, (client, options) => client.ModelInferAsync(request, options), cancellationToken);
        if (answer.Message is null) return Failure(answer);
        var outputs = TensorAnswer.Read(answer.Message).Owed(payload.Rows);
        return new()
        {
            Status = answer.HttpStatus,
            Latency = answer.Latency,
            Scores = outputs[0].Scores,
            Labels = outputs[0].Labels,
            Outputs = outputs,
        };
    }

    public async Task<InferencePayload?> SynthesizeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        var declared = await DescribeAsync(target, cancellationToken);
        return declared.Metadata is { } metadata ? OpenInferenceSynthesis.FromMetadata(metadata) : null;
    }

    public async Task<ModelDeclaration> DescribeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        var answer = await grpc.CallAsync(
            target.Address, (client, options) => client.ModelMetadataAsync(new ModelMetadataRequest { Name = target.Model }, options),
            cancellationToken);
        if (answer.Message is not { } message) return new(null, $"ModelMetadata: {answer.Error}");
        var (inputs, outputs) = (message.Inputs.Select(Written), message.Outputs.Select(Written));
        return new(JsonSerializer.SerializeToUtf8Bytes(new { inputs, outputs }), null);
    }

    public PayloadReading ReadPayload(ReadOnlyMemory<byte> json)
    {
        var reading = OpenInferenceRequest.Read(json);
        return reading.Payload is { } payload && _requests.WhyNot(payload) is { } problem ? new(null, problem) : reading;
    }

    public InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads) => OpenInferenceRequest.Concatenate(payloads);

    private static object Written(TensorMetadata tensor) => new { name = tensor.Name, datatype = tensor.Datatype, shape = tensor.Shape.ToArray() };

    private static ReplicaReadiness NotReady(string what, string? error) => new(false, $"not {what}: {error ?? "the server says no"}");

    private static InferenceReply Failure(GrpcAnswer<ModelInferResponse> answer) => new()
    {
        Status = answer.HttpStatus,
        Latency = answer.Latency,
        TimedOut = answer.Status == StatusCode.DeadlineExceeded,
        ConnectionLost = answer.Status == StatusCode.Unavailable,
        Error = answer.Error,
    };
}
