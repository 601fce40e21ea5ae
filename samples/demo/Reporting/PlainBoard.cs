using System.Globalization;
using BlueGreen.Cli.Api;
using BlueGreen.Demo.Load;
using BlueGreen.Demo.Stories;

namespace BlueGreen.Demo.Reporting;

/// <summary>Lines, for logs and pipes.</summary>
internal sealed class PlainBoard(TextWriter output, LiveWindow window, RunClock clock) : IProgressBoard
{
    private Story? _story;
    private int _gatesShown;

    public void Say(string text) => Write(text);

    public void Begin(Story story)
    {
        _story = story;
        _gatesShown = 0;
        Write($"{story.Name}: {story.Title}");
    }

    public void Show(DeploymentEvent news, DeploymentView? deployment)
    {
        var figures = window.Read();
        var traffic = figures.Requests == 0
            ? "no traffic yet"
            : string.Create(CultureInfo.InvariantCulture, $"{figures.LastSecond} requests/s, {figures.Failed} failed");
        Write($"{_story?.Name}: {news.State,-13} {traffic}  {news.Summary}");
        if (deployment is null) return;
        foreach (var gate in deployment.Gates.Skip(_gatesShown)) Write($"{_story?.Name}:   {GateText.Line(gate)}");
        _gatesShown = deployment.Gates.Count;
    }

    public void End(StoryResult result)
    {
        foreach (var metric in result.Deployment.BakeMetrics) Write($"{result.Story.Name}:   bake {GateText.Line(metric)}");
        if (result.Alarm is { } alarm) Write($"{result.Story.Name}:   alarm sent: {alarm}");
        Write(string.Create(CultureInfo.InvariantCulture,
            $"{result.Story.Name}: {result.Deployment.State} after {result.ElapsedMilliseconds / 1e3:0.0} s"));
    }

    public Task RunAsync(CancellationToken ct) => Task.CompletedTask;

    private void Write(string text) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{clock.Now / 1e6,6:0.0} s] {text}"));
}
