using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BlueGreen.Orchestrator.Policies;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class EndpointApiTests
{
    private const string Fraud = "/api/v1/endpoints/fraud";

    [Fact]
    public async Task Put_NewChangedAndRepeated_CountsRevisionsAndTellsTheOthersOncePerChange()
    {
        await using var host = await new OrchestratorHost().StartAsync();

        var created = await host.PutAsync(Fraud, APolicy.Minimal);
        var repeated = await host.PutAsync(Fraud, "# a comment\n" + APolicy.Minimal);
        var changed = await host.PutAsync(Fraud, APolicy.Minimal + "  deadline: 6h\n");

        Assert.Equal((HttpStatusCode.Created, 1L), (created.StatusCode, (await JsonOf(created)).GetProperty("revision").GetInt64()));
        Assert.Equal((HttpStatusCode.OK, 1L), (repeated.StatusCode, (await JsonOf(repeated)).GetProperty("revision").GetInt64()));
        Assert.Equal((HttpStatusCode.OK, 2L), (changed.StatusCode, (await JsonOf(changed)).GetProperty("revision").GetInt64()));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        while (host.Heard.Count < 2) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        Assert.Equal([1L, 2L], host.Heard.Select(told => told.Revision).Order());
        Assert.All(host.Heard, told => Assert.Equal(("fraud", "/fraud"), (told.Endpoint, told.Path)));
        var row = await host.Store.ReadAsync((db, token) => db.Endpoints.SingleAsync(token), TestContext.Current.CancellationToken);
        Assert.Equal((2L, "/fraud", 6.0), (row.Revision, row.Path, PolicyJson.Read(row.PolicyJson).Deadline.TotalHours));
        Assert.Equal(PolicyJson.Hash(row.PolicyJson), row.PolicyHash);
    }

    [Fact]
    public async Task Get_AnEndpoint_ShowsItsPolicyAndThatNothingIsLive()
    {
        await using var host = await new OrchestratorHost().StartAsync();
        await host.PutAsync(Fraud, APolicy.Minimal);

        var one = await JsonOf(await host.GetAsync(Fraud));
        var all = await JsonOf(await host.GetAsync("/api/v1/endpoints"));
        var text = await (await host.GetAsync($"{Fraud}/policy")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ["name", "policyHash", "revision", "path", "epoch", "live", "activeDeployment", "queuedDeployment"],
            one.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("fraud", "/fraud", 0), (one.GetProperty("name").GetString(), one.GetProperty("path").GetString(), one.GetProperty("epoch").GetInt32()));
        Assert.Equal(JsonValueKind.Null, one.GetProperty("live").ValueKind);
        Assert.Equal(one.ToString(), Assert.Single(all.EnumerateArray()).ToString());
        Assert.Equal(APolicy.Minimal, text);
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync("/api/v1/endpoints/other")).StatusCode);
    }

    [Fact]
    public async Task Put_BadPolicy_NamesEveryFieldAndChangesNothing()
    {
        await using var host = await new OrchestratorHost().StartAsync();
        await host.PutAsync(Fraud, APolicy.Minimal);
        var before = (await JsonOf(await host.GetAsync(Fraud))).ToString();

        var refused = await host.PutAsync(Fraud, APolicy.Minimal + "  deadline: soon\n  bake: { duratoin: 1h }\n");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        var problem = await JsonOf(refused);
        Assert.Equal(("spec.deadline", 6, 13), Place(problem));
        Assert.Equal([("spec.deadline", 6, 13), ("spec.bake.duratoin", 7, 11)], problem.GetProperty("errors").EnumerateArray().Select(Place));
        Assert.Equal(before, (await JsonOf(await host.GetAsync(Fraud))).ToString());
    }

    [Theory]
    [InlineData("/api/v1/endpoints/other", "application/yaml", 422, "metadata.name")]
    [InlineData(Fraud, "text/plain", 415, "Content-Type")]
    public async Task Put_WrongPlaceOrType_SaysWhichField(string path, string type, int status, string field)
    {
        await using var host = await new OrchestratorHost().StartAsync();

        var refused = await host.PutAsync(path, APolicy.Minimal, type);

        Assert.Equal(status, (int)refused.StatusCode);
        Assert.Equal(field, (await JsonOf(refused)).GetProperty("field").GetString());
    }

    [Fact]
    public async Task Put_TooLargeOrNotText_IsRefused()
    {
        await using var host = await new OrchestratorHost().StartAsync();
        using var latin = new ByteArrayContent([.. "# caf\xE9\n"u8[..5], 0xE9, (byte)'\n']);
        latin.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");

        var large = await host.PutAsync(Fraud, new string('#', PolicyParser.MaxLength + 1));
        var garbled = await host.Operator.PutAsync(new Uri(Fraud, UriKind.Relative), latin, TestContext.Current.CancellationToken);

        Assert.Equal((413, "body"), ((int)large.StatusCode, (await JsonOf(large)).GetProperty("field").GetString()));
        Assert.Equal((422, "policy"), ((int)garbled.StatusCode, (await JsonOf(garbled)).GetProperty("field").GetString()));
    }

    [Fact]
    public async Task Put_DryRun_ChecksAndStoresNothing()
    {
        await using var host = await new OrchestratorHost().StartAsync();
        var notUploaded = APolicy.Minimal + $"  warmup: {{ payloads: 'sha256:{APolicy.Digest}' }}\n";

        var checkedOnly = await host.PutAsync($"{Fraud}?dryRun=true", notUploaded);
        var stored = await host.PutAsync(Fraud, notUploaded);

        Assert.Equal(HttpStatusCode.OK, checkedOnly.StatusCode);
        Assert.True((await JsonOf(checkedOnly)).GetProperty("dryRun").GetBoolean());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, stored.StatusCode);
        Assert.Equal(("spec.warmup.payloads", 6, 23), Place(await JsonOf(stored)));
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync(Fraud)).StatusCode);
    }

    [Theory]
    [InlineData("/risk", false)]
    [InlineData("/RISK/fraud", false)]
    [InlineData("/risk/fraud/eu", false)]
    [InlineData("/risk/fraud-eu", true)]
    public async Task Put_PathOfAnotherEndpoint_IsRefused(string path, bool free)
    {
        await using var host = await new OrchestratorHost().StartAsync();
        await host.PutAsync(Fraud, APolicy.Minimal + "  route: { path: /risk/fraud }\n");
        var other = APolicy.Minimal.Replace("name: fraud", "name: other", StringComparison.Ordinal) + $"  route: {{ path: {path} }}\n";

        var response = await host.PutAsync("/api/v1/endpoints/other", other);

        Assert.Equal(free ? HttpStatusCode.Created : HttpStatusCode.UnprocessableEntity, response.StatusCode);
        if (!free) Assert.Equal(("spec.route.path", 6, 18), Place(await JsonOf(response)));
    }

    [Fact]
    public async Task Put_SamePolicyAtOnce_IsOneRevision()
    {
        await using var host = await new OrchestratorHost().StartAsync();

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.PutAsync(Fraud, APolicy.Minimal)));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer wrong-token-for-tests")]
    [InlineData("Bearer a-token-for-tests-onl")]
    [InlineData("Basic a-token-for-tests-only")]
    public async Task AnyRequest_WithoutTheOperatorsToken_Is401BeforeAnythingElse(string? authorization)
    {
        await using var host = await new OrchestratorHost().StartAsync();
        using var stranger = new HttpClient { BaseAddress = host.Operator.BaseAddress };
        if (authorization is not null) stranger.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        foreach (var path in new[] { "/api/v1/endpoints", Fraud, $"/api/v1/blobs/{APolicy.Digest}", "/api/v1/policy-schema" })
        {
            var refused = await stranger.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
            Assert.Equal("Authorization", (await JsonOf(refused)).GetProperty("field").GetString());
        }
    }

    [Fact]
    public async Task PolicySchema_IsServed()
    {
        await using var host = await new OrchestratorHost().StartAsync();

        var schema = await (await host.GetAsync("/api/v1/policy-schema")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(PolicySchema.Text, schema);
    }

    private static (string?, int, int) Place(JsonElement problem) =>
        (problem.GetProperty("field").GetString(), problem.GetProperty("line").GetInt32(), problem.GetProperty("column").GetInt32());

    private static Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
}
