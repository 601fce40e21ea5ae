using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Cli.Tests;

public sealed class PolicyTests : IDisposable
{
    private const string Golden = "{\"inputs\":[]}\n";
    private static readonly string GoldenDigest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Golden)));
    private readonly string _folder = Directory.CreateTempSubdirectory("bg-policy-").FullName;

    public PolicyTests() => File.WriteAllText(Path.Combine(_folder, "golden.jsonl"), Golden);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Apply_UploadsNamedFilesOnceThenThePolicyThatRefersToThem()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer($"PUT /api/v1/blobs/{GoldenDigest}", 201, "");
        stub.Answer("PUT /api/v1/endpoints/fraud", 201, """{"name":"fraud","policyHash":"abc","revision":1}""");

        var run = await stub.BgAsync("policy", "apply", Policy("""
            metadata: { name: fraud }
            spec:
              warmup: { payloads: golden.jsonl, requests: 50..500 }   # kept
              gates:
                - golden: { file: 'golden.jsonl' }
            """));

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var requests = stub.Requests.ToList();
        Assert.Equal(2, requests.Count);
        Assert.Equal((Golden, "?name=golden.jsonl"), (requests[0].Body, requests[0].Query));
        Assert.Equal("", requests[1].Query);
        Assert.StartsWith("application/yaml", requests[1].ContentType, StringComparison.Ordinal);
        Assert.Equal($$"""
            metadata: { name: fraud }
            spec:
              warmup: { payloads: "sha256:{{GoldenDigest}}#golden.jsonl", requests: 50..500 }   # kept
              gates:
                - golden: { file: "sha256:{{GoldenDigest}}#golden.jsonl" }
            """, requests[1].Body);
    }

    [Fact]
    public async Task Validate_AsksForADryRun_AndShowsFieldLineAndColumn()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("PUT /api/v1/endpoints/fraud", 422,
            """{"title":"Refused.","field":"spec.bake.duratoin","line":3,"column":11,"detail":"unknown field; did you mean 'duration'?"}""");

        var run = await stub.BgAsync("policy", "validate", Policy("metadata: { name: fraud }\n"));

        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.Contains("spec.bake.duratoin (line 3, column 11): unknown field; did you mean 'duration'?", run.Error, StringComparison.Ordinal);
        Assert.Equal("?dryRun=true", Assert.Single(stub.Requests).Query);
    }

    [Theory]
    [InlineData("metadata: { name: fraud }\nspec: { warmup: { payloads: missing.jsonl } }\n", "line 2")]
    [InlineData("spec: {}\n", "metadata.name")]
    [InlineData("a: [1\n", "not YAML")]
    [InlineData("just text\n", "One document")]
    public async Task Apply_FileUnusable_SaysWhereAndSendsNothing(string text, string expected)
    {
        await using var stub = await PlatformStub.StartAsync();

        var run = await stub.BgAsync("policy", "apply", Policy(text));

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Empty(stub.Requests);
    }

    private string Policy(string text)
    {
        var path = Path.Combine(_folder, "policy.yaml");
        File.WriteAllText(path, text);
        return path;
    }
}
