using System.Net;
using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class PolicyDirectoryTests
{
    [Fact]
    public async Task Start_PoliciesInTheDirectory_AreAppliedWithTheirFiles_AndARestartChangesNothing()
    {
        await using var host = new OrchestratorHost();
        var settings = Write(host,
            ("fraud.yaml", APolicy.Minimal + "  warmup: { payloads: golden.jsonl }\n"),
            ("golden.jsonl", "{\"inputs\":[]}\n"),
            ("churn.yaml", APolicy.Minimal.Replace("name: fraud", "name: churn", StringComparison.Ordinal)));

        await host.StartAsync(settings);
        await host.StopAsync();
        await host.StartAsync(settings);

        var endpoints = await (await host.GetAsync("/api/v1/endpoints")).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"name\":\"churn\"", endpoints, StringComparison.Ordinal);
        Assert.DoesNotContain("\"revision\":2", endpoints, StringComparison.Ordinal);
        var digest = PolicyJson.Hash("{\"inputs\":[]}\n");
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync($"/api/v1/blobs/{digest}")).StatusCode);
    }

    [Fact]
    public async Task Start_BadPolicies_StopTheStartWithEveryErrorAndItsPlace()
    {
        await using var host = new OrchestratorHost();
        var settings = Write(host,
            ("a.yaml", APolicy.Minimal + "  deadline: soon\n  cutover: fast\n"),
            ("b.yaml", APolicy.Minimal + "  warmup: { payloads: golden.jsonl }\n"),
            ("c.yaml", APolicy.Minimal),
            ("d.yml", APolicy.Minimal));

        var refused = await Assert.ThrowsAsync<PolicyDirectoryException>(() => host.StartAsync(settings));

        Assert.Collection(
            refused.Problems,
            problem => Assert.EndsWith("a.yaml:6:13: spec.deadline: 'soon' is not a duration from 1s to 720h, such as 500ms, 30s, 10m or 1h30m.", problem),
            problem => Assert.Contains("a.yaml:7:3: spec.cutover: This field is unknown.", problem, StringComparison.Ordinal),
            problem => Assert.Contains("b.yaml:6:23: spec.warmup.payloads: There is no file 'golden.jsonl' beside the policy", problem, StringComparison.Ordinal),
            problem => Assert.Contains("d.yml: metadata.name: 'fraud' is the endpoint of", problem, StringComparison.Ordinal));
        Assert.All(refused.Problems, problem => Assert.Contains(problem, refused.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Start_NoSuchDirectory_NamesTheOption()
    {
        await using var host = new OrchestratorHost();

        var refused = await Assert.ThrowsAsync<PolicyDirectoryException>(
            () => host.StartAsync(new() { ["BlueGreen:Orchestrator:PolicyDirectory"] = Path.Combine(host.Folder, "nowhere") }));

        Assert.Contains("BlueGreen:Orchestrator:PolicyDirectory", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Write(OrchestratorHost host, params (string Name, string Text)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(host.Folder, "policies")).FullName;
        foreach (var (name, text) in files) File.WriteAllText(Path.Combine(folder, name), text);
        return new() { ["BlueGreen:Orchestrator:PolicyDirectory"] = folder };
    }
}
