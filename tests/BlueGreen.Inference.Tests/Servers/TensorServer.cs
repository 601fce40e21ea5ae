using BlueGreen.Inference.Tests.Contract;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Inference.Tests.Servers;

/// <summary>A gRPC server of the Open Inference Protocol v2, made from the public contract.</summary>
internal sealed class TensorServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Behaviour _behaviour;

    private TensorServer(WebApplication app, Behaviour behaviour) => (_app, _behaviour) = (app, behaviour);

    public Uri Address => new(_app.Urls.First() + "/");
    public ModelInferRequest? Last => _behaviour.Last;

    public static async Task<TensorServer> StartAsync(
        Func<ModelInferRequest, ModelInferResponse> infer, bool ready = true, ModelMetadataResponse? metadata = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhostAnyPort(HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var behaviour = new Behaviour(infer, ready, metadata);
        builder.Services.AddSingleton(behaviour);
        var server = new TensorServer(builder.Build(), behaviour);
        server._app.MapGrpcService<Service>();
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    internal sealed class Behaviour(Func<ModelInferRequest, ModelInferResponse> infer, bool ready, ModelMetadataResponse? metadata)
    {
        public bool Ready => ready;
        public ModelMetadataResponse? Metadata => metadata;
        public ModelInferRequest? Last { get; private set; }

        public ModelInferResponse Infer(ModelInferRequest request)
        {
            Last = request;
            return infer(request);
        }
    }

    internal sealed class Service(Behaviour behaviour) : GRPCInferenceService.GRPCInferenceServiceBase
    {
        public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
            Task.FromResult(new ServerLiveResponse { Live = true });

        public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
            Task.FromResult(new ServerReadyResponse { Ready = behaviour.Ready });

        public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) => request.Name == "fraud"
            ? Task.FromResult(new ModelReadyResponse { Ready = true })
            : throw new RpcException(new Status(StatusCode.NotFound, "no such model"));

        public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context) =>
            Task.FromResult(behaviour.Metadata ?? throw new RpcException(new Status(StatusCode.Unimplemented, "no metadata")));

        public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) =>
            Task.FromResult(behaviour.Infer(request));
    }
}
