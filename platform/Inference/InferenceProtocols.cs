using System.Collections.Concurrent;
using BlueGreen.Contracts;
using BlueGreen.Platform.Inference.Chat;
using BlueGreen.Platform.Inference.Grpc;
using BlueGreen.Platform.Inference.Http;
using BlueGreen.Platform.Inference.Json;
using BlueGreen.Platform.Inference.OpenInference;

namespace BlueGreen.Platform.Inference;

/// <summary>Makes each protocol once per settings: adapters are stateless, and few settings are in use at a time.</summary>
internal sealed class InferenceProtocols(ReplicaHttp http, ReplicaGrpc grpc, TimeProvider time) : IInferenceProtocols
{
    private const int MostKept = 256;

    private readonly ConcurrentDictionary<(string Name, InferenceSettings Settings), IInferenceProtocol?> _made = [];

    public IReadOnlyCollection<string> Names => [.. ProtocolNames.All];

    public IInferenceProtocol? Find(string name, InferenceSettings? settings = null)
    {
        if (_made.Count > MostKept) _made.Clear();
        return _made.GetOrAdd((name, settings ?? new InferenceSettings()), key => Make(key.Name, key.Settings));
    }

    private IInferenceProtocol? Make(string name, InferenceSettings settings) => name switch
    {
        ProtocolNames.OpenInferenceV2 => new OpenInferenceV2(http),
        ProtocolNames.OpenInferenceV2Grpc => new OpenInferenceV2Grpc(grpc),
        ProtocolNames.OpenAiChat => new OpenAiChat(http, settings, time),
        _ => JsonDialects.Find(name, settings) is { } dialect ? new JsonProtocol(dialect, http) : null,
    };
}
