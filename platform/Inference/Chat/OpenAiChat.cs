using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Platform.Inference.Answers;
using BlueGreen.Platform.Inference.Http;

namespace BlueGreen.Platform.Inference.Chat;

/// <summary>
/// Chat completions as OpenAI defined them (platform.openai.com, API reference) and vLLM, OpenVINO, TGI and others speak them. The
/// score of an answer is its length in tokens (an answer without any text or tool call is a null prediction), unless the policy says
/// where another one stands; latency is that of the whole answer, and a streamed one also says when its tokens came.
/// </summary>
internal sealed class OpenAiChat(ReplicaHttp http, InferenceSettings settings, TimeProvider time) : IInferenceProtocol
{
    private const string DefaultPath = "v1/chat/completions";
    private const string DefaultReadyPath = "health";

    private readonly bool _streams = settings.Stream ?? true;
    private readonly ScorePath? _score = settings.Score is { } text ? ScorePath.Parse(text) : null;

    public string Name => ProtocolNames.OpenAiChat;

    public async Task<ReplicaReadiness> ProbeAsync(InferenceTarget target, CancellationToken cancellationToken)
    {
        var path = (settings.ReadyPath ?? DefaultReadyPath).TrimStart('/');
        var exchange = await http.GetAsync(new Uri(target.Address, path), cancellationToken);
        return exchange.Error is { } error ? new(false, $"not ready: {error} from /{path}") : new(true, null);
    }

    public async Task<InferenceReply> InferAsync(
        InferenceTarget target, InferencePayload payload, CancellationToken cancellationToken)
    {
        var address = new Uri(target.Address, (settings.Path ?? DefaultPath).TrimStart('/'));
        var named = ChatRequest.WithModel(payload, target.Model);
        if (_streams) return await http.StreamAsync(address, named, ReadStreamAsync, cancellationToken);
        var exchange = await http.PostAsync(address, named, cancellationToken);
        var predictions = exchange.Error is null ? ChatAnswer.Read(exchange.Body, _score) : null;
        return exchange.ToReply(predictions, payload.Rows, "the body is not a chat completion");
    }

    public Task<InferencePayload?> SynthesizeAsync(InferenceTarget target, CancellationToken cancellationToken) => Task.FromResult(
        ReadPayload("""{"messages":[{"role":"user","content":"Say hello."}],"max_tokens":16}"""u8.ToArray()).Payload);

    public PayloadReading ReadPayload(ReadOnlyMemory<byte> json) => ChatRequest.Read(json, _streams);

    /// <summary>A chat request is one row; the server makes batches of requests that come together.</summary>
    public InferencePayload? Concatenate(IReadOnlyList<InferencePayload> payloads) => payloads.Count == 1 ? payloads[0] : null;

    private async Task<InferenceReply> ReadStreamAsync(HttpResponseMessage response, long start, CancellationToken cancellationToken)
    {
        var answer = new ChatStream(start, time);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), Encoding.UTF8);
        while (!answer.IsOver && await reader.ReadLineAsync(cancellationToken) is { } line) answer.Take(line);
        return answer.ToReply((int)response.StatusCode);
    }
}
