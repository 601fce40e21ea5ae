using DotNet.Testcontainers.Configurations;
using Xunit;

namespace BlueGreen.Testing.Containers;

/// <summary>Whether a container engine can be had, and what a test does where none can.</summary>
public static class ContainerEngine
{
    /// <summary>Environment variable: why this machine has no engine or no images. Set by <c>./test</c>.</summary>
    public const string UnavailableVariable = "BLUEGREEN_NO_CONTAINERS";

    /// <summary>Environment variable: <c>1</c> makes what would be a skip a failure. Set by <c>./test --forbid-skips</c>.</summary>
    public const string ForbidSkipVariable = "BLUEGREEN_FORBID_SKIP";

    private static readonly Lazy<string?> Reason = new(FindReason);

    /// <summary>Why tests on containers cannot run here; null when an engine answers. Asked once per process.</summary>
    public static string? SkipReason => Reason.Value;

    /// <summary>Skips the calling test where no engine answers.</summary>
    /// <exception cref="InvalidOperationException">No engine answers and skipping is forbidden.</exception>
    public static void Require()
    {
        if (SkipReason is not { } reason)
            return;
        if (Environment.GetEnvironmentVariable(ForbidSkipVariable) == "1")
            throw new InvalidOperationException($"{reason} ({ForbidSkipVariable}=1 forbids to skip)");
        Assert.Skip(reason);
    }

    private static string? FindReason()
    {
        if (Environment.GetEnvironmentVariable(UnavailableVariable) is { Length: > 0 } said)
            return said;

        // Testcontainers pings every endpoint it knows of and keeps the first that answers.
        return TestcontainersSettings.OS.DockerEndpointAuthConfig is null
            ? "No container engine answers: start Docker, or eval \"$(eng/containers up)\"."
            : null;
    }
}
