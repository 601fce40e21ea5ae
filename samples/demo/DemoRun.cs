using BlueGreen.Cli.Api;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Load;
using BlueGreen.Demo.Reporting;
using BlueGreen.Demo.Stories;
using BlueGreen.Demo.Verification;

namespace BlueGreen.Demo;

/// <summary>Starts the platform that the stories are played on.</summary>
internal delegate Task<IRunningPlatform> StartPlatform(
    Installation installation, RunFolder folder, TimeProvider time, CancellationToken ct);

/// <summary>The main job, end to end: train, start, send traffic, play five stories, judge by the client's log.</summary>
internal sealed class DemoRun(
    DemoOptions options, RunFolder folder, RunClock clock, LiveWindow window, IProgressBoard board, StartPlatform start)
{
    private const int ScheduleSeed = 20_261_123;

    /// <param name="afterwards">Called with the report while the platform still runs.</param>
    /// <param name="ct">Ends it early; nothing is left running either way.</param>
    public async Task<RunReport> PlayAsync(Func<RunReport, IRunningPlatform, Task> afterwards, CancellationToken ct)
    {
        var installation = Installation.Find();
        board.Say("training five models");
        var releases = await ModelReleases.TrainAsync(installation, folder, options.Seed, clock.Time, ct);
        board.Say("starting the platform");
        await using var platform = await start(installation, folder, clock.Time, ct);
        board.Say($"platform at {platform.Control}, models at {platform.Inference}");
        var results = await PlayStoriesAsync(installation, platform, releases, ct);
        var report = new RunReport(results, LogVerifier.Verify(ClientLog.Read(folder.RequestLog)));
        await afterwards(report, platform);
        return report;
    }

    private async Task<IReadOnlyList<StoryResult>> PlayStoriesAsync(
        Installation installation, IRunningPlatform platform, ModelReleases releases, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var inference = InferenceSender.CreateClient();
        using var control = new HttpClient { Timeout = TimeSpan.FromSeconds(10) };
        await using var log = new RequestLog(folder.RequestLog);
        var api = PlatformClient.Create(platform.Control, platform.Secrets.OperatorToken);
        var player = new StoryPlayer(
            api,
            new DemoPolicy(api, installation, releases.Folder),
            new SignedWebhook(control, platform.Webhooks, platform.Secrets.WebhookSecret, clock.Time),
            new NullScoreAlarm(control, platform.Alarms, platform.Secrets.AlarmToken, window, clock, log),
            releases.Folder, clock, log, board);
        Task? traffic = null;
        var results = new List<StoryResult>();
        try
        {
            foreach (var story in Story.Of(releases.Models, options.Redeploys))
            {
                results.Add(await player.PlayAsync(
                    story, () => traffic ??= SendTrafficAsync(inference, platform, releases, log, stop.Token), ct));
                if (results[^1].Fault() is not null) break;
            }
        }
        finally
        {
            await stop.CancelAsync();
            if (traffic is not null) await traffic;
        }

        return results;
    }

    private Task SendTrafficAsync(
        HttpClient http, IRunningPlatform platform, ModelReleases releases, RequestLog log, CancellationToken stop)
    {
        var target = new Uri(platform.Inference, $"{DemoPolicy.Endpoint}/v2/models/{releases.Models[0].Name}/infer");
        var sender = new InferenceSender(http, target, releases.LivePayloads, clock);
        var generator = new OpenLoopGenerator(sender, clock, record =>
        {
            log.Add(record);
            window.Add(record);
        });
        return Task.Run(() => generator.RunAsync(new PoissonSchedule(options.Rate, ScheduleSeed).Next, stop), CancellationToken.None);
    }
}
