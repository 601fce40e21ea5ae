using System.Globalization;
using BlueGreen.Cli.Api;
using BlueGreen.Cli.Output;
using BlueGreen.Demo.Load;
using BlueGreen.Demo.Stories;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BlueGreen.Demo.Reporting;

/// <summary>One screen that is kept current, for a terminal.</summary>
internal sealed class LiveBoard(IAnsiConsole console, LiveWindow window, RunClock clock) : IProgressBoard
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly List<StoryResult> _ended = [];
    private string _saying = "";
    private Story? _story;
    private DeploymentEvent? _news;
    private DeploymentView? _judged;

    public void Say(string text)
    {
        lock (_lock) _saying = text;
    }

    public void Begin(Story story)
    {
        lock (_lock) (_story, _news) = (story, null);
    }

    public void Show(DeploymentEvent news, DeploymentView? deployment)
    {
        // The last judgement stays on the screen until there is a newer one.
        lock (_lock) (_news, _judged) = (news, deployment is { Gates.Count: > 0 } ? deployment : _judged);
    }

    public void End(StoryResult result)
    {
        lock (_lock)
        {
            _ended.Add(result);
            _judged = result.Deployment;
            _story = null;
        }
    }

    public Task RunAsync(CancellationToken ct) => console.Live(Render()).StartAsync(async live =>
    {
        while (!ct.IsCancellationRequested)
        {
            live.UpdateTarget(Render());
            await Task.Delay(RefreshInterval, clock.Time, ct).ContinueWith(_ => { }, CancellationToken.None, default, TaskScheduler.Default);
        }

        live.UpdateTarget(Render());
    });

    private Rows Render()
    {
        lock (_lock)
        {
            var parts = new List<IRenderable> { Traffic(), Stories() };
            if (_judged is { Gates.Count: > 0 }) parts.Add(DeploymentTables.Gates($"gate of v{_judged.Version}", _judged.Gates));
            if (_judged is { BakeMetrics.Count: > 0 }) parts.Add(DeploymentTables.Gates($"bake of v{_judged.Version}", _judged.BakeMetrics));
            return new Rows(parts);
        }
    }

    private Text Traffic()
    {
        var figures = window.Read();
        return figures.Requests == 0
            ? new Text(_saying, new Style(Color.Grey))
            : new Text(
                string.Create(CultureInfo.InvariantCulture,
                    $"{clock.Now / 1e6,6:0.0} s   {figures.LastSecond} requests/s   answered by v{figures.Version}   {figures.Requests} sent   {figures.Failed} failed"),
                new Style(figures.Failed == 0 ? Color.Green : Color.Red));
    }

    private Table Stories()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("story", "", "state", "took", "overhead");
        foreach (var result in _ended)
        {
            table.AddRow(
                new Text(result.Story.Name),
                new Text(result.Story.Title),
                DeploymentTables.Coloured(result.Deployment.State),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{result.ElapsedMilliseconds / 1e3:0.0} s")),
                new Text(string.Create(CultureInfo.InvariantCulture, $"{result.Deployment.OverheadMilliseconds:0} ms")));
        }

        if (_story is { } story)
        {
            table.AddRow(new Text(story.Name), new Text(story.Title), new Text(_news?.State ?? "…", new Style(Color.Aqua)), new Text(""), new Text(""));
        }

        return table;
    }
}
