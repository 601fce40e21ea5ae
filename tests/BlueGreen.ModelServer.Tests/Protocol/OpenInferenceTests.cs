using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BlueGreen.ModelServer.Serving;
using BlueGreen.ModelServer.Training;

namespace BlueGreen.ModelServer.Protocol;

/// <summary>Against a real process, over HTTP.</summary>
public sealed class OpenInferenceTests(ServingModels serving) : IClassFixture<ServingModels>
{
    private const string Infer = "/v2/models/fraud/infer";

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    [InlineData("/v2/models/fraud")]
    [InlineData("/v2/models/fraud/ready")]
    [InlineData("/v2/models/fraud/versions/1")]
    [InlineData("/v2/models/fraud/versions/1/ready")]
    public async Task EveryGet_IsAnsweredWithAJsonObject(string path)
    {
        var body = await serving.Good.Client.GetFromJsonAsync<JsonElement>(path, TestContext.Current.CancellationToken);

        Assert.Equal(JsonValueKind.Object, body.ValueKind);
    }

    [Fact]
    public async Task Metadata_DescribesEveryTensor()
    {
        var model = await serving.Good.Client.GetFromJsonAsync<JsonElement>(
            "/v2/models/fraud", TestContext.Current.CancellationToken);

        Assert.Equal("fraud", model.GetProperty("name").GetString());
        Assert.Equal("1", model.GetProperty("versions")[0].GetString());
        var inputs = model.GetProperty("inputs").EnumerateArray().ToArray();
        Assert.Equal(CardFeatures.All.Select(feature => feature.Name), inputs.Select(input => input.GetProperty("name").GetString()));
        Assert.All(inputs, input => Assert.Equal("[-1]", input.GetProperty("shape").GetRawText()));
        Assert.Equal(
            ["score FP32", "is_fraud BOOL"],
            model.GetProperty("outputs").EnumerateArray().Select(output => $"{output.GetProperty("name")} {output.GetProperty("datatype")}"));
    }

    [Theory]
    [InlineData("/v2/models/other")]
    [InlineData("/v2/models/other/ready")]
    [InlineData("/v2/models/fraud/versions/9")]
    [InlineData("/v2/models/fraud/versions/9/ready")]
    [InlineData("/v1/models/fraud")]
    public async Task Unknown_Is404WithAnError(string path)
    {
        using var answer = await serving.Good.Client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.NotEmpty(await ErrorOf(answer));
    }

    [Fact]
    public async Task Infer_UnknownModel_Is404()
    {
        using var answer = await PostAsync(serving.Good, "/v2/models/other/infer", Payload());

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("'other'", await ErrorOf(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Infer)]
    [InlineData("/v2/models/fraud/versions/1/infer")]
    public async Task Infer_OneRow_AnswersItsIdAndTensors(string path)
    {
        var answer = await AskAsync(serving.Good, Payload(), path);

        Assert.Equal("fraud", answer.GetProperty("model_name").GetString());
        Assert.Equal("1", answer.GetProperty("model_version").GetString());
        Assert.Equal("golden-00000", answer.GetProperty("id").GetString());
        var score = Output(answer, "score");
        Assert.Equal("[1]", score.GetProperty("shape").GetRawText());
        Assert.InRange(score.GetProperty("data")[0].GetSingle(), 0, 1);
        Assert.Equal("BOOL", Output(answer, "is_fraud").GetProperty("datatype").GetString());
    }

    [Fact]
    public async Task Infer_Batch_ScoresEachRowAsIfItWereAlone()
    {
        var rows = serving.Releases.Set.Golden.Take(20).ToArray();

        var together = Output(await AskAsync(serving.Good, TestPayloads.Batch(rows, nested: false)), "score");

        Assert.Equal("[20]", together.GetProperty("shape").GetRawText());
        for (var i = 0; i < rows.Length; i++)
        {
            var alone = Output(await AskAsync(serving.Good, TestPayloads.Batch([rows[i]], nested: false)), "score");
            Assert.Equal(alone.GetProperty("data")[0].GetSingle(), together.GetProperty("data")[i].GetSingle());
        }
    }

    [Fact]
    public async Task Infer_NestedData_IsTheSameAsFlat()
    {
        var rows = serving.Releases.Set.Golden.Take(5).ToArray();

        var flat = await AskAsync(serving.Good, TestPayloads.Batch(rows, nested: false));
        var nested = await AskAsync(serving.Good, TestPayloads.Batch(rows, nested: true));

        Assert.Equal(flat.GetRawText(), nested.GetRawText());
    }

    [Fact]
    public async Task Infer_OutputsNamed_AnswersOnlyThose()
    {
        var answer = await AskAsync(serving.Good, Payload().Replace("\"inputs\"", "\"outputs\":[{\"name\":\"score\"}],\"inputs\"", StringComparison.Ordinal));

        Assert.Equal("score", Assert.Single(answer.GetProperty("outputs").EnumerateArray()).GetProperty("name").GetString());
    }

    [Theory]
    [MemberData(nameof(BadRequest.All), MemberType = typeof(BadRequest))]
    public async Task Infer_BadInput_Is400NamingIt(string find, string replacement, string named)
    {
        var payload = Payload();
        Assert.Contains(find, payload, StringComparison.Ordinal);

        using var answer = await PostAsync(serving.Good, Infer, payload.Replace(find, replacement, StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(named, await ErrorOf(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infer_BodyTooLarge_Is413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Infer);
        request.Content = new ByteArrayContent(new byte[5 * 1024 * 1024]);
        // Without it the server's early answer races with the rest of the body.
        request.Headers.ExpectContinue = true;

        using var answer = await serving.Good.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task Infer_MissingNumber_IsScored()
    {
        var payload = TestPayloads.Batch([serving.Releases.Set.Golden[0]], nested: false, missing: "device_age_days");

        Assert.Equal(JsonValueKind.Number, Output(await AskAsync(serving.Good, payload), "score").GetProperty("data")[0].ValueKind);
    }

    [Fact]
    public async Task Slice_GoodModelAnswersAll_DegradingModelAnswersSomeWithNullAnd200()
    {
        var slice = serving.Releases.Payloads("live.jsonl")
            .Where(line => line.Contains(CardFeatures.NewCategory, StringComparison.Ordinal))
            .Take(25)
            .ToArray();
        var (good, degrading) = (new List<JsonElement>(), new List<JsonElement>());
        foreach (var line in slice)
        {
            good.Add(Output(await AskAsync(serving.Good, line), "score").GetProperty("data")[0]);
            degrading.Add(Output(await AskAsync(serving.Degrading, line), "score").GetProperty("data")[0]);
        }

        Assert.DoesNotContain(good, score => score.ValueKind == JsonValueKind.Null);
        Assert.Contains(degrading, score => score.ValueKind == JsonValueKind.Null);
    }

    [Fact]
    public async Task GoldenPayloads_DegradingModelAnswersAll()
    {
        foreach (var line in serving.Releases.Payloads("golden.jsonl").Take(50))
        {
            var answer = await AskAsync(serving.Degrading, line);
            Assert.Equal(JsonValueKind.Number, Output(answer, "score").GetProperty("data")[0].ValueKind);
        }
    }

    [Fact]
    public async Task Infer_Concurrent_GivesEveryRequestItsOwnAnswer()
    {
        var lines = serving.Releases.Payloads("golden.jsonl").Take(100).ToArray();

        var answers = await Task.WhenAll(lines.Select(line => AskAsync(serving.Good, line)));

        for (var i = 0; i < lines.Length; i++) Assert.Equal($"golden-{i:00000}", answers[i].GetProperty("id").GetString());
    }

    private string Payload() => serving.Releases.Payloads("golden.jsonl")[0];

    private static JsonElement Output(JsonElement answer, string name) =>
        answer.GetProperty("outputs").EnumerateArray().Single(output => output.GetProperty("name").GetString() == name);

    private static async Task<JsonElement> AskAsync(ServerProcess server, string payload, string path = Infer)
    {
        using var answer = await PostAsync(server, path, payload);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static Task<HttpResponseMessage> PostAsync(ServerProcess server, string path, string payload) =>
        server.Client.PostAsync(
            path, new StringContent(payload, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

    private static async Task<string> ErrorOf(HttpResponseMessage answer)
    {
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return body.GetProperty("error").GetString()!;
    }
}
