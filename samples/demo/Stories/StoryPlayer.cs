using System.Text.Json;
using BlueGreen.Cli.Api;
using BlueGreen.Demo.Load;
using BlueGreen.Demo.Reporting;

namespace BlueGreen.Demo.Stories;

/// <summary>Plays one story: policy, promotion, watching, the alarm if it has one.</summary>
internal sealed class StoryPlayer(
    PlatformClient api, DemoPolicy policy, SignedWebhook registry, NullScoreAlarm alarm, string models, RunClock clock, RequestLog log,
    IProgressBoard board)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);

    /// <param name="story">What to play.</param>
    /// <param name="served">Called when the story's model is seen to serve.</param>
    /// <param name="ct">Ends it early.</param>
    public async Task<StoryResult> PlayAsync(Story story, Action served, CancellationToken ct)
    {
        board.Begin(story);
        await policy.ApplyAsync(story.Limits, ct);
        log.Mark(new Mark(clock.Now, Mark.Begin, story.Name, story.Serving));
        var begin = clock.Now;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Deadline);
        var watching = story.Alarmed ? alarm.WatchAsync(story, limit.Token) : null;
        try
        {
            var id = await registry.PromoteAsync(story.Release, Path.Combine(models, story.Release.File), ct);
            await FollowAsync(id, served, limit.Token);
            var elapsed = (clock.Now - begin) / 1e3;
            log.Mark(new Mark(clock.Now, Mark.End, story.Name, [story.ServingAfter]));
            var observed = watching is not null && alarm.HasFired ? await watching : null;
            var result = new StoryResult(story, await api.DeploymentViewAsync(id, ct), elapsed, observed);
            board.End(result);
            return result;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new DemoException($"{story.Name} did not end within {Deadline.TotalSeconds:0} s.");
        }
        finally
        {
            await limit.CancelAsync();
            if (watching is not null) await watching.ContinueWith(_ => { }, CancellationToken.None, default, TaskScheduler.Default);
        }
    }

    private async Task FollowAsync(Guid id, Action served, CancellationToken ct)
    {
        var events = new DeploymentEvents(api, clock.Time);
        await events.WaitForBirthAsync(id, ct);
        string? state = null;
        await foreach (var item in events.FollowAsync(id, ct))
        {
            var news = item.Deserialize(ApiJson.Default.DeploymentEvent)!;
            if (news.State == "Baking") served();
            var deployment = news.State == state ? null : await api.DeploymentViewAsync(id, ct);
            state = news.State;
            board.Show(news, deployment);
        }
    }
}
