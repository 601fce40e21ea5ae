using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BlueGreen.Platform.Http;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class BlobApiTests
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("{\"inputs\":[]}\n");
    private static readonly string Path = $"/api/v1/blobs/{BlobDigest.Of(Content)}";

    [Fact]
    public async Task Put_ThenGet_GivesTheSameBytes()
    {
        await using var host = await new OrchestratorHost().StartAsync();

        var created = await PutAsync(host, $"{Path}?name=golden.jsonl", Content);
        var again = await PutAsync(host, $"{Path}?name=other.jsonl", Content);
        var got = await host.GetAsync(Path);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.StatusCode, again.StatusCode));
        Assert.Equal(Content, await got.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("golden.jsonl", got.Content.Headers.ContentDisposition!.FileName);
    }

    [Fact]
    public async Task Put_DigestMismatch_IsRefusedAndNothingIsStored()
    {
        await using var host = await new OrchestratorHost().StartAsync();

        var refused = await PutAsync(host, Path, [1, 2, 3]);

        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal((422, "sha256"), ((int)refused.StatusCode, problem.GetProperty("field").GetString()));
        Assert.Contains(BlobDigest.Of([1, 2, 3]), problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await host.GetAsync(Path)).StatusCode);
    }

    [Theory]
    [InlineData(10, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(14, HttpStatusCode.Created)]
    public async Task Put_SizeLimit_IsToTheByte(int limit, HttpStatusCode expected)
    {
        await using var host = await new OrchestratorHost().StartAsync(
            new() { ["BlueGreen:Orchestrator:Blobs:MaxBytes"] = limit.ToString(System.Globalization.CultureInfo.InvariantCulture) });

        var withLength = await PutAsync(host, Path, Content);
        using var chunked = new HttpRequestMessage(HttpMethod.Put, new Uri(Path, UriKind.Relative)) { Content = new ByteArrayContent(Content) };
        chunked.Headers.TransferEncodingChunked = true;
        var withoutLength = await host.Operator.SendAsync(chunked, TestContext.Current.CancellationToken);

        Assert.Equal(expected, withLength.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Created ? HttpStatusCode.OK : expected, withoutLength.StatusCode);
    }

    [Fact]
    public async Task Put_LargerThanTheServersOwnLimit_IsStored()
    {
        await using var host = await new OrchestratorHost().StartAsync();
        var large = new byte[40 * 1024 * 1024];

        var created = await PutAsync(host, $"/api/v1/blobs/{BlobDigest.Of(large)}", large);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08")]
    public async Task AnyRequest_PathIsNotADigest_Is422(string digest)
    {
        await using var host = await new OrchestratorHost().StartAsync();

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PutAsync(host, $"/api/v1/blobs/{digest}", Content)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await host.GetAsync($"/api/v1/blobs/{digest}")).StatusCode);
    }

    private static Task<HttpResponseMessage> PutAsync(OrchestratorHost host, string path, byte[] content) =>
        host.Operator.PutAsync(new Uri(path, UriKind.Relative), new ByteArrayContent(content), TestContext.Current.CancellationToken);
}
