namespace BlueGreen.Router.Drivers.Tests.Fixture;

/// <summary>Whether real load balancers and name servers can be started here; <c>eng/drivers</c> installs them.</summary>
internal static class RealPrograms
{
    /// <summary>Environment variable: why this machine has none. Set by <c>./test</c>.</summary>
    private const string UnavailableVariable = "BLUEGREEN_NO_DRIVERS";

    /// <summary>Environment variable: <c>1</c> makes what would be a skip a failure. Set by <c>./test --forbid-skips</c>.</summary>
    private const string ForbidSkipVariable = "BLUEGREEN_FORBID_SKIP";

    /// <summary>The program's path. Skips the calling test where it is missing; fails it where skipping is forbidden.</summary>
    public static string Require(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Append("/usr/sbin")
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (found is not null) return found;
        var reason = Environment.GetEnvironmentVariable(UnavailableVariable) is { Length: > 0 } said
            ? said
            : $"{program} not found: run eng/drivers as root on Debian.";
        if (Environment.GetEnvironmentVariable(ForbidSkipVariable) == "1")
            throw new InvalidOperationException($"{reason} ({ForbidSkipVariable}=1 forbids to skip)");
        Assert.Skip(reason);
        return "";
    }
}
