using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Inference.Tests.Servers;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Inference.Tests;

public sealed class ChatTests : IDisposable
{
    private const string Question = """{"messages":[{"role":"user","content":"How are you?"}]}""";
    private static readonly InferenceSettings Whole = new() { Stream = false };
    private readonly Protocols _protocols = new();

    [Fact]
    public async Task Infer_Stream_TellsWhenTheTokensCame()
    {
        await using var server = await PathServer.StartAsync((context, _) => StreamAsync(
            context, (100, Delta("role", "assistant")), (0, Delta("content", "")), (100, Delta("content", "I")), (60, Delta("content", " am")),
            (60, Delta("content", " well")), (0, Finish), (0, """{"choices":[],"usage":{"completion_tokens":5}}"""), (0, "[DONE]")));

        var reply = await _protocols.InferAsync("openai-chat", server.Address, Question);

        Assert.True(reply.Succeeded, reply.Error);
        Assert.Equal([5.0], reply.Scores);
        var tokens = reply.Tokens!;
        Assert.Equal(5, tokens.Count);
        Assert.True(tokens.First >= TimeSpan.FromMilliseconds(190), $"first {tokens.First}");
        Assert.True(tokens.PerToken >= TimeSpan.FromMilliseconds(25) && tokens.PerToken < reply.Latency, $"per token {tokens.PerToken}");
        Assert.True(reply.Latency >= tokens.First + TimeSpan.FromMilliseconds(110));
        var sent = JsonDocument.Parse(Assert.Single(server.Requests).Body).RootElement;
        Assert.True(sent.GetProperty("stream").GetBoolean() && sent.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        Assert.Equal("fraud", sent.GetProperty("model").GetString());
        Assert.Equal("POST /v1/chat/completions", server.Requests.First().Line);
    }

    [Fact]
    public async Task Infer_StreamWithoutUsage_CountsThePieces()
    {
        await using var server = await PathServer.StartAsync(
            (context, _) => StreamAsync(context, (0, Delta("content", "a")), (0, Delta("content", "b")), (0, "[DONE]")));
        Assert.Equal([2.0], (await _protocols.InferAsync("openai-chat", server.Address, Question)).Scores);
    }

    [Fact]
    public async Task Infer_StreamWithoutContent_IsANullPrediction()
    {
        await using var server = await PathServer.StartAsync(
            (context, _) => StreamAsync(context, (0, Delta("role", "assistant")), (0, Finish), (0, "[DONE]")));
        var reply = await _protocols.InferAsync("openai-chat", server.Address, Question);
        Assert.True(reply.Succeeded && reply.NullPredictions == 1 && reply.Tokens is null);
    }

    [Theory]
    [InlineData("{\"error\":{\"message\":\"out of memory\"}}", "the server reports an error within the stream")]
    [InlineData("{\"choices\":[{\"delta\":{\"content\":\"a\"", "a chunk is not JSON")]
    [InlineData("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":null}]}", "the stream ended before the answer was complete")]
    public async Task Infer_StreamThatBreaks_IsAnError(string last, string error)
    {
        await using var server = await PathServer.StartAsync((context, _) => StreamAsync(context, (0, Delta("content", "a")), (0, last)));
        var reply = await _protocols.InferAsync("openai-chat", server.Address, Question);
        Assert.Equal((200, error), (reply.Status, reply.Error));
        Assert.Empty(reply.Scores);
    }

    [Theory]
    [InlineData("""{"choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"completion_tokens":38}}""", 38.0)]
    [InlineData("""{"choices":[{"message":{"content":"hi"}}]}""", 1.0)]
    [InlineData("""{"choices":[{"message":{"content":null,"tool_calls":[{"id":"1"}]}}],"usage":{"completion_tokens":4}}""", 4.0)]
    [InlineData("""{"choices":[{"message":{"content":""}}],"usage":{"completion_tokens":0}}""", null)]
    [InlineData("""{"choices":[{"message":{"content":null}}]}""", null)]
    [InlineData("""{"choices":[]}""", null)]
    public async Task Infer_WholeAnswer_ScoresItsLength(string body, double? score)
    {
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer> { ["POST /v1/chat/completions"] = new(body) });
        var reply = await _protocols.InferAsync("openai-chat", server.Address, Question, Whole);
        Assert.True(reply.Succeeded, reply.Error);
        Assert.Equal([score], reply.Scores);
        Assert.False(JsonDocument.Parse(server.Requests.First().Body).RootElement.GetProperty("stream").GetBoolean());
    }

    [Fact]
    public async Task Infer_PolicySaysWhereTheScoreIs_ReadsItThere()
    {
        await using var server = await PathServer.StartAsync(new Dictionary<string, Answer>
        {
            ["POST /invocations"] = new("""{"choices":[{"logprobs":{"content":[{"logprob":-0.25},{"logprob":-1}]},"message":{"content":"x"}}]}"""),
        });
        var settings = new InferenceSettings { Stream = false, Path = "/invocations", Score = "/choices/0/logprobs/content/*/logprob" };
        Assert.Equal([-0.25, -1], (await _protocols.InferAsync("openai-chat", server.Address, Question, settings)).Scores);
    }

    [Fact]
    public async Task Infer_ErrorStatus_IsDataNotAnException()
    {
        await using var server = await PathServer.StartAsync([]);
        var reply = await _protocols.InferAsync("openai-chat", server.Address, Question);
        Assert.Equal((404, "status 404"), (reply.Status, reply.Error));
    }

    public void Dispose() => _protocols.Dispose();

    private const string Finish = """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    private static string Delta(string member, string text) =>
        $$"""{"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"{{member}}":{{JsonSerializer.Serialize(text)}}},"finish_reason":null}]}""";

    private static async Task StreamAsync(HttpContext context, params (int Milliseconds, string Data)[] events)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": a comment\n\n");
        foreach (var (milliseconds, data) in events)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
            await context.Response.WriteAsync($"data: {data}\r\n\r\n");
            await context.Response.Body.FlushAsync();
        }
    }
}
