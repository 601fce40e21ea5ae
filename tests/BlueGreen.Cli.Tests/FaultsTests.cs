using System.Text.Json;

namespace BlueGreen.Cli.Tests;

public sealed class FaultsTests
{
    private const string Id = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
    private const string Fault = $$"""
        {"id":"{{Id}}","state":"Open","kind":"Message","service":"prewarmer","queue":"prewarmer-warm-environment","messageType":"WarmEnvironment","endpoint":"fraud","stage":"Warming","attempt":1,"exception":"no luck","faultedAt":"2026-11-23T04:00:00Z"}
        """;

    [Fact]
    public async Task List_SendsTheFilterAndShowsTheRows()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/faults", 200, $"[{Fault}]");
        var run = await stub.BgAsync("faults", "list", "--endpoint", "fraud", "--state", "Open");
        Assert.Equal(ExitCode.Ok, run.ExitCode);
        Assert.Contains("WarmEnvironment", run.Output, StringComparison.Ordinal);
        Assert.Equal("?limit=50&endpoint=fraud&state=Open", Assert.Single(stub.Requests).Query);
    }

    [Fact]
    public async Task ReplayMany_DryRun_SaysWhatWouldBeDoneAndThatSomeIsRefused()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("POST /api/v1/faults/replay", 200, $$"""{"dryRun":true,"matched":2,"settled":["{{Id}}"],"refused":[{"id":"{{Id}}","reason":"stale"}]}""");
        var run = await stub.BgAsync("faults", "replay", "--service", "prewarmer", "--dry-run", "--by", "ada");
        Assert.Equal(ExitCode.Conflict, run.ExitCode);
        Assert.Contains("1 of 2 would be replayed", run.Output, StringComparison.Ordinal);
        Assert.Contains("refused: stale", run.Output, StringComparison.Ordinal);
        var body = JsonElement.Parse(Assert.Single(stub.Requests).Body);
        Assert.Equal(("ada", true), (body.GetProperty("requestedBy").GetString(), body.GetProperty("dryRun").GetBoolean()));
    }

    [Theory]
    [InlineData("faults", "replay")]
    [InlineData("faults", "replay", Id, "--all")]
    [InlineData("faults", "discard", Id)]
    public async Task Settle_SayingTooLittleOrTooMuch_IsAUsageErrorAndAsksNothing(params string[] args)
    {
        await using var stub = await PlatformStub.StartAsync();
        Assert.Equal(ExitCode.Usage, (await stub.BgAsync(args)).ExitCode);
        Assert.Empty(stub.Requests);
    }

    [Fact]
    public async Task Replay_Refused_IsAConflictWithTheReason()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer($"POST /api/v1/deployments/{Id}/replay", 409, """{"status":409,"title":"t","detail":"Warming has not passed (I2)"}""");
        var run = await stub.BgAsync("replay", Id, "--from", "Validating");
        Assert.Equal(ExitCode.Conflict, run.ExitCode);
        Assert.Contains("I2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplayJson_PassesThePlatformsAnswerOn()
    {
        await using var stub = await PlatformStub.StartAsync();
        var answer = $$"""{"id":"{{Id}}","stage":"Warming","attempt":2,"already":false}""";
        stub.Answer($"POST /api/v1/deployments/{Id}/replay", 200, answer);
        var run = await stub.BgAsync("replay", Id, "--json");
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(answer), JsonElement.Parse(run.Output)));
    }
}
