using Grpc.Core;

namespace BlueGreen.Router.Tests.Support;

/// <summary>A gRPC service on plain bytes, as the compiler of service definitions would have written it.</summary>
[BindServiceMethod(typeof(EchoBase), nameof(Bind))]
internal abstract class EchoBase
{
    private const string Name = "test.Echo";
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static Method<byte[], byte[]> EchoMethod { get; } = new(MethodType.Unary, Name, nameof(Echo), Bytes, Bytes);
    public static Method<byte[], byte[]> FailMethod { get; } = new(MethodType.Unary, Name, nameof(Fail), Bytes, Bytes);
    public static Method<byte[], byte[]> TalkMethod { get; } = new(MethodType.DuplexStreaming, Name, nameof(Talk), Bytes, Bytes);

    /// <summary>Called without an instance: the server finds the methods by their names, virtual ones only.</summary>
    public static void Bind(ServiceBinderBase binder, EchoBase? service)
    {
        binder.AddMethod(EchoMethod, service is null ? null! : new UnaryServerMethod<byte[], byte[]>(service.Echo));
        binder.AddMethod(FailMethod, service is null ? null! : new UnaryServerMethod<byte[], byte[]>(service.Fail));
        binder.AddMethod(TalkMethod, service is null ? null! : new DuplexStreamingServerMethod<byte[], byte[]>(service.Talk));
    }

    public abstract Task<byte[]> Echo(byte[] request, ServerCallContext context);
    public abstract Task<byte[]> Fail(byte[] request, ServerCallContext context);
    public abstract Task Talk(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> answers, ServerCallContext context);
}

/// <summary>One answer per request, one error, and a conversation.</summary>
internal sealed class EchoService : EchoBase
{
    public override Task<byte[]> Echo(byte[] request, ServerCallContext context) => Task.FromResult(request);

    public override Task<byte[]> Fail(byte[] request, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.Internal, "as asked"));

    public override async Task Talk(IAsyncStreamReader<byte[]> requests, IServerStreamWriter<byte[]> answers, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync(context.CancellationToken)) await answers.WriteAsync(request, context.CancellationToken);
    }
}
