using System.Collections.Concurrent;
using System.Text.Json;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Load;
using BlueGreen.Demo.Stories;
using BlueGreen.Demo.Verification;

namespace BlueGreen.Demo.Tests.Stories;

public sealed class NullScoreAlarmTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly RunClock _clock = new(TimeProvider.System);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task NullScoresSeen_PostsAnAlertmanagerPayload_RepeatedWhileThePlatformIsOverloaded()
    {
        var ct = TestContext.Current.CancellationToken;
        var bodies = new ConcurrentQueue<JsonElement>();
        await using var server = await StubServer.StartAsync(async context =>
        {
            bodies.Enqueue((await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted)).RootElement);
            context.Response.StatusCode = bodies.Count < 3 ? 503 : context.Request.Headers.Authorization == "Bearer token" ? 202 : 401;
        });
        var window = new LiveWindow(_clock);
        for (var i = 0; i < 100; i++) window.Add(Answer("4", nullScore: i % 8 == 0));
        using var http = new HttpClient();
        string seen;
        await using (var log = new RequestLog(_path))
        {
            seen = await new NullScoreAlarm(http, server.Address, "token", window, _clock, log).WatchAsync(AStory(), ct);
        }

        Assert.Contains("13 null scores in 100 answers of version 4", seen, StringComparison.Ordinal);
        Assert.Equal(3, bodies.Count);
        Assert.All(bodies, body => Assert.Equal("4", body.GetProperty("version").GetString()));
        var alert = Assert.Single(bodies.First().GetProperty("alerts").EnumerateArray());
        Assert.Equal("firing", alert.GetProperty("status").GetString());
        Assert.Equal("fraud", alert.GetProperty("labels").GetProperty("endpoint").GetString());
        var mark = Assert.Single(ClientLog.Read(_path).Marks);
        Assert.Equal((Mark.Alarm, "v4", "4"), (mark.Kind, mark.Story, Assert.Single(mark.Versions)));
    }

    [Fact]
    public void Window_CountsTheNullScoresOfTheLatestVersionOnly()
    {
        var window = new LiveWindow(_clock);
        for (var i = 0; i < 50; i++) window.Add(Answer("4", nullScore: true));
        window.Add(Answer("2", nullScore: false));
        window.Add(Answer("2", nullScore: false) with { Status = 0, Version = null });

        var figures = window.Read();

        Assert.Equal(("2", 1, 0), (figures.Version, figures.Answered, figures.NullScores));
        Assert.Equal((52, 1), (figures.Requests, figures.Failed));
    }

    private RequestRecord Answer(string version, bool nullScore) =>
        new(_clock.Now, _clock.Now, _clock.Now, 200, "environment", version, "1", nullScore, null);

    private static Story AStory() => new(
        "v4", "", new ModelRelease("fraud", "4", "fraud-v4.zip", "", ""), "RolledBack", ["2", "4"], "2", BakeLimits.Loose, Alarmed: true);
}
