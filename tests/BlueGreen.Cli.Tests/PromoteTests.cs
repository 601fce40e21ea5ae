using System.Security.Cryptography;
using System.Text.Json;

namespace BlueGreen.Cli.Tests;

public sealed class PromoteTests : IDisposable
{
    private static readonly Guid Id = Guid.NewGuid();
    private readonly string _artifact = Path.GetTempFileName();

    public PromoteTests() => File.WriteAllText(_artifact, "a model");

    public void Dispose() => File.Delete(_artifact);

    [Fact]
    public async Task Promote_LocalFile_SendsItsAddressAndDigest()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("POST /api/v1/deployments", 202, $$"""{"id":"{{Id}}"}""");

        var run = await stub.BgAsync("promote", "--endpoint", "fraud", "--version", "v2", "--artifact", _artifact, "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Equal(Id, JsonElement.Parse(run.Output).GetProperty("id").GetGuid());
        var sent = JsonElement.Parse(Assert.Single(stub.Requests).Body);
        Assert.Equal("fraud", sent.GetProperty("model").GetString());
        var artifact = sent.GetProperty("artifact");
        Assert.Equal(new Uri(_artifact).AbsoluteUri, artifact.GetProperty("uri").GetString());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData("a model"u8)), artifact.GetProperty("sha256").GetString());
    }

    [Fact]
    public async Task Promote_DigestOfAnotherFile_IsRefusedBeforeAnythingIsSent()
    {
        await using var stub = await PlatformStub.StartAsync();

        var run = await stub.BgAsync(
            "promote", "--endpoint", "fraud", "--version", "v2", "--artifact", _artifact, "--sha256", new string('a', 64));

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains("--sha256", run.Error, StringComparison.Ordinal);
        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData("https://models.example/v2.zip", "--sha256")]
    [InlineData("/no/such/file.zip", "--artifact")]
    public async Task Promote_ArtifactUnusable_NamesTheOption(string artifact, string option)
    {
        await using var stub = await PlatformStub.StartAsync();

        var run = await stub.BgAsync("promote", "--endpoint", "fraud", "--version", "v2", "--artifact", artifact);

        Assert.Equal(ExitCode.Usage, run.ExitCode);
        Assert.Contains($"error: {option}", run.Error, StringComparison.Ordinal);
        Assert.Empty(stub.Requests);
    }

    [Theory]
    [InlineData("Committed", ExitCode.Ok)]
    [InlineData("RolledBack", ExitCode.Refused)]
    [InlineData("Failed", ExitCode.Refused)]
    public async Task PromoteWait_ExitCodeIsTheEnding(string ending, int exitCode)
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("POST /api/v1/deployments", 202, $$"""{"id":"{{Id}}"}""");
        stub.Answer($"GET /api/v1/deployments/{Id}/events", 200, "");
        stub.Answer($"GET /api/v1/deployments/{Id}", 200, $$"""{"id":"{{Id}}","state":"{{ending}}","ended":true}""");

        var run = await stub.BgAsync(
            "promote", "--endpoint", "fraud", "--version", "v2", "--artifact", _artifact, "--wait", "--json");

        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal(ending, JsonElement.Parse(run.Output).GetProperty("state").GetString());
    }
}
