using BlueGreen.Cli.Api;
using BlueGreen.Demo.Reporting;
using BlueGreen.Demo.Stories;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>Nobody watches.</summary>
internal sealed class SilentBoard : IProgressBoard
{
    public void Say(string text)
    {
    }

    public void Begin(Story story)
    {
    }

    public void Show(DeploymentEvent news, DeploymentView? deployment)
    {
    }

    public void End(StoryResult result)
    {
    }

    public Task RunAsync(CancellationToken ct) => Task.CompletedTask;
}
