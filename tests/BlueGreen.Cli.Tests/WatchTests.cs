using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Cli.Tests;

public sealed class WatchTests
{
    private static readonly Guid Id = Guid.NewGuid();

    [Fact]
    public async Task Watch_ConnectionLostInTheMiddle_ResumesAfterTheLastEventAndShowsEachOnce()
    {
        await using var stub = await PlatformStub.StartAsync();
        var connections = 0;
        var ended = false;
        stub.Answer($"GET /api/v1/deployments/{Id}/events", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            if (Interlocked.Increment(ref connections) == 1)
            {
                // More is promised than comes: the client sees the connection break after the second event.
                context.Response.ContentLength = 100_000;
                await WriteAsync(context, 1, "Provisioning");
                await WriteAsync(context, 2, "Warming");
                return;
            }

            ended = true;
            await WriteAsync(context, 3, "Committed");
        });
        stub.Answer($"GET /api/v1/deployments/{Id}", context => context.Response.WriteAsync(
            $$"""{"id":"{{Id}}","state":"{{(ended ? "Committed" : "Warming")}}","ended":{{(ended ? "true" : "false")}}}"""));

        var run = await stub.BgAsync("watch", Id.ToString(), "--json");

        Assert.Equal(ExitCode.Ok, run.ExitCode);
        var lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.Equal(["Provisioning", "Warming", "Committed", "Committed"], lines.Select(line => line.GetProperty("state").GetString()));
        Assert.Equal(["", "2"], stub.Requests.Where(request => request.Path.EndsWith("/events", StringComparison.Ordinal)).Select(request => request.LastEventId));
    }

    [Fact]
    public async Task Watch_Endpoint_FollowsItsActiveDeployment()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/endpoints/fraud", 200, $$"""{"name":"fraud","epoch":3,"activeDeployment":"{{Id}}"}""");
        stub.Answer($"GET /api/v1/deployments/{Id}/events", 200, "");
        stub.Answer($"GET /api/v1/deployments/{Id}", 200, Ended);

        var run = await stub.BgAsync("watch", "fraud");

        Assert.Equal(ExitCode.Refused, run.ExitCode);
        Assert.Contains("fraud v3 on fraud: Failed: distribution-ks failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("distribution-ks", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_EndpointWithoutAnyDeployment_IsNotFound()
    {
        await using var stub = await PlatformStub.StartAsync();
        stub.Answer("GET /api/v1/endpoints/fraud", 200, """{"name":"fraud"}""");
        stub.Answer("GET /api/v1/deployments", 200, "[]");

        Assert.Equal(ExitCode.NotFound, (await stub.BgAsync("watch", "fraud")).ExitCode);
    }

    private static string Ended => $$"""
        {"id":"{{Id}}","endpoint":"fraud","model":"fraud","version":"v3","state":"Failed","ended":true,"reason":"distribution-ks failed",
         "stages":[{"stage":"Validating","attempt":1,"startedAt":"2026-11-23T01:00:00Z","endedAt":"2026-11-23T01:00:02Z","outcome":"Failed"}],
         "gates":[{"gate":"distribution-ks","verdict":"Failed","value":0.4,"threshold":0.15,"unit":"D","samples":1000,"summary":"too far"}]}
        """;

    private static async Task WriteAsync(HttpContext context, int sequence, string state)
    {
        await context.Response.WriteAsync(
            $"id: {sequence}\nevent: stage\ndata: {{\"sequence\":{sequence},\"state\":\"{state}\",\"kind\":\"stage\"}}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
