using System.Net;
using BlueGreen.Platform.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Platform.Tests.Http;

public sealed class OperatorAuthenticationTests
{
    [Theory]
    [InlineData(null, 401)]
    [InlineData("", 401)]
    [InlineData("Bearer", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Bearer a-token-for-tests-onl", 401)]
    [InlineData("Bearer a-token-for-tests-only2", 401)]
    [InlineData("Bearer A-TOKEN-FOR-TESTS-ONLY", 401)]
    [InlineData("Basic a-token-for-tests-only", 401)]
    [InlineData("Bearer a-token-for-tests-only", 204)]
    [InlineData("bearer a-token-for-tests-only", 204)]
    public async Task ClosedEndpoint_OpensToTheTokenAlone(string? authorization, int status)
    {
        var ran = false;
        await using var host = await HttpHost.StartAsync(app => app.MapGroup("/api").RequireOperator().MapPost("/do", () =>
        {
            ran = true;
            return Results.NoContent();
        }));
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host.Url, "/api/do"));
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);

        var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(status == 204, ran);
    }

    [Fact]
    public async Task OpenEndpoint_AnothersToken_IsNoConcernOfOurs()
    {
        await using var host = await HttpHost.StartAsync(app => app.MapGet("/open", () => "open"));
        using var client = new HttpClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", "Bearer of-the-model-behind-us");

        var response = await client.GetAsync(new Uri(host.Url, "/open"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
