using System.Net;
using System.Text;
using BlueGreen.Platform.Http;
using BlueGreen.Testing.Containers;

[assembly: AssemblyFixture(typeof(PostgreSqlServer))]

namespace BlueGreen.Orchestrator.Tests.Policies;

/// <summary>On PostgreSQL requests write at the same time: what one checks, another must not change before its commit.</summary>
public sealed class PolicyOnPostgresTests(PostgreSqlServer server)
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_OverlappingPathsAtOnce_OneEndpointGetsItsPath()
    {
        await using var host = await StartAsync("policy_paths");

        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => host.PutAsync(
            $"/api/v1/endpoints/risk-{index}",
            APolicy.Minimal.Replace("name: fraud", $"name: risk-{index}", StringComparison.Ordinal) +
                $"  route: {{ path: /risk{string.Concat(Enumerable.Repeat("/deeper", index))} }}\n")));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
        Assert.Equal(7, responses.Count(response => response.StatusCode == HttpStatusCode.UnprocessableEntity));
    }

    [Fact]
    public async Task Put_SamePolicyAndFileAtOnce_AreStoredOnce()
    {
        await using var host = await StartAsync("policy_repeats");
        var content = Encoding.UTF8.GetBytes("{\"inputs\":[]}\n");
        var blob = $"/api/v1/blobs/{BlobDigest.Of(content)}";

        var uploads = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            host.Operator.PutAsync(new Uri(blob, UriKind.Relative), new ByteArrayContent(content), Now)));
        var policies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => host.PutAsync("/api/v1/endpoints/fraud", APolicy.Minimal)));

        Assert.All(new[] { uploads, policies }, responses =>
        {
            Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Created);
            Assert.Equal(7, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        });
        Assert.Equal(content, await (await host.GetAsync(blob)).Content.ReadAsByteArrayAsync(Now));
        Assert.Equal(APolicy.Minimal, await (await host.GetAsync("/api/v1/endpoints/fraud/policy")).Content.ReadAsStringAsync(Now));
    }

    private async Task<OrchestratorHost> StartAsync(string database)
    {
        ContainerEngine.Require();
        return await new OrchestratorHost().StartAsync(new()
        {
            ["BlueGreen:Database:Provider"] = "postgres",
            ["BlueGreen:Database:ConnectionString"] = await server.CreateDatabaseAsync(database, Now),
        });
    }
}
