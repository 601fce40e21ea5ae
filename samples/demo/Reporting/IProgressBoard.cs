using BlueGreen.Cli.Api;
using BlueGreen.Demo.Stories;

namespace BlueGreen.Demo.Reporting;

/// <summary>What a person sees while the demo runs.</summary>
internal interface IProgressBoard
{
    /// <summary>One line about the preparations.</summary>
    void Say(string text);

    void Begin(Story story);

    /// <param name="news">What happened.</param>
    /// <param name="deployment">The deployment's account at that moment; null if its state is the same as before.</param>
    void Show(DeploymentEvent news, DeploymentView? deployment);

    void End(StoryResult result);

    /// <summary>Keeps figures current until cancelled.</summary>
    Task RunAsync(CancellationToken ct);
}
