using BlueGreen.Cli.Api;

namespace BlueGreen.Demo.Stories;

/// <summary>How a story ended.</summary>
/// <param name="Story">Which.</param>
/// <param name="Deployment">The platform's own account.</param>
/// <param name="ElapsedMilliseconds">From the webhook to the end state, on the client's clock.</param>
/// <param name="Alarm">What the alarm rule saw; null if no alarm was sent.</param>
internal sealed record StoryResult(Story Story, DeploymentView Deployment, double ElapsedMilliseconds, string? Alarm)
{
    /// <summary>Why the story did not go as told; null if it did.</summary>
    public string? Fault()
    {
        if (Deployment.State != Story.Outcome)
        {
            return $"{Story.Name} ended {Deployment.State} instead of {Story.Outcome}: {Deployment.Reason ?? "no reason given"}";
        }

        return Story.Alarmed && Alarm is null ? $"{Story.Name} was rolled back before the alarm was sent" : null;
    }
}
