using System.Collections.Concurrent;
using BlueGreen.Platform.Inference.Grpc.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Inference.Grpc;

/// <summary>gRPC calls to model servers: whatever happens is data, only the caller's own cancellation is an exception.</summary>
internal sealed class ReplicaGrpc(TimeProvider time, IOptions<InferenceOptions> options) : IDisposable
{
    private const int MostChannels = 256;

    private readonly ConcurrentDictionary<Uri, GrpcChannel> _channels = [];

    /// <summary>All channels share one pool of connections; a lost connection is a failed call, never a silent repetition.</summary>
    private readonly SocketsHttpHandler _handler = new()
    {
        ConnectTimeout = TimeSpan.FromSeconds(5),
        EnableMultipleHttp2Connections = true,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        UseProxy = false,
    };

    /// <summary>Makes one call within the time allowed for a request.</summary>
    public async Task<GrpcAnswer<T>> CallAsync<T>(
        Uri address, Func<GRPCInferenceService.GRPCInferenceServiceClient, CallOptions, AsyncUnaryCall<T>> call,
        CancellationToken cancellationToken) where T : class
    {
        using var timeout = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var start = time.GetTimestamp();
        try
        {
            using var pending = call(new(ChannelTo(address)), new CallOptions(cancellationToken: either.Token));
            var message = await pending.ResponseAsync;
            return new(message, StatusCode.OK, time.GetElapsedTime(start), null);
        }
        catch (RpcException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
        catch (RpcException failure)
        {
            var error = timeout.IsCancellationRequested
                ? $"no answer within {options.Value.RequestTimeout.TotalSeconds:0.###} s"
                : $"{failure.StatusCode}: {failure.Status.Detail}";
            var status = timeout.IsCancellationRequested ? StatusCode.DeadlineExceeded : failure.StatusCode;
            return new(null, status, time.GetElapsedTime(start), error);
        }
    }

    public void Dispose()
    {
        foreach (var channel in _channels.Values) channel.Dispose();
        _handler.Dispose();
    }

    private GrpcChannel ChannelTo(Uri address)
    {
        // Channels hold no connections of their own: forgetting them costs a few objects.
        if (_channels.Count > MostChannels) _channels.Clear();
        return _channels.GetOrAdd(address, to => GrpcChannel.ForAddress(to, new GrpcChannelOptions
        {
            DisposeHttpClient = false,
            HttpHandler = _handler,
            MaxReceiveMessageSize = options.Value.MaxReplyBytes,
            MaxSendMessageSize = null,
        }));
    }
}

/// <summary>What came of a call.</summary>
/// <param name="Message">Null unless the call succeeded.</param>
/// <param name="Status">gRPC's own status.</param>
/// <param name="Latency">Until the answer, or until giving up.</param>
/// <param name="Error">Null when the call succeeded.</param>
internal sealed record GrpcAnswer<T>(T? Message, StatusCode Status, TimeSpan Latency, string? Error) where T : class
{
    /// <summary>The nearest HTTP status; null when no answer arrived.</summary>
    public int? HttpStatus => Status switch
    {
        StatusCode.OK => 200,
        StatusCode.InvalidArgument or StatusCode.OutOfRange or StatusCode.FailedPrecondition => 400,
        StatusCode.Unauthenticated => 401,
        StatusCode.PermissionDenied => 403,
        StatusCode.NotFound => 404,
        StatusCode.ResourceExhausted => 429,
        StatusCode.Unimplemented => 501,
        StatusCode.Unavailable or StatusCode.DeadlineExceeded or StatusCode.Cancelled => null,
        _ => 500,
    };
}
