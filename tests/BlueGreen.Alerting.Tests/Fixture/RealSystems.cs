namespace BlueGreen.Alerting.Tests.Fixture;

/// <summary>Whether Prometheus, Alertmanager and an SMTP server can be started here; <c>eng/alerting</c> installs them.</summary>
internal static class RealSystems
{
    public const string Prometheus = "prometheus";
    public const string Alertmanager = "prometheus-alertmanager";
    public const string Smtp = "aiosmtpd";
    public const string Promtool = "promtool";

    /// <summary>Environment variable: why this machine has none. Set by <c>./test</c>.</summary>
    private const string UnavailableVariable = "BLUEGREEN_NO_ALERTING";

    /// <summary>Environment variable: <c>1</c> makes what would be a skip a failure. Set by <c>./test --forbid-skips</c>.</summary>
    private const string ForbidSkipVariable = "BLUEGREEN_FORBID_SKIP";

    /// <summary>Skips the calling test where one of the programs is missing; fails it where skipping is forbidden.</summary>
    public static void Require(params IReadOnlyList<string> programs)
    {
        var missing = programs.Where(program => Find(program) is null).ToList();
        if (missing.Count == 0) return;
        var reason = Environment.GetEnvironmentVariable(UnavailableVariable) is { Length: > 0 } said
            ? said
            : $"{string.Join(", ", missing)} not found: run eng/alerting as root on Debian.";
        if (Environment.GetEnvironmentVariable(ForbidSkipVariable) == "1")
            throw new InvalidOperationException($"{reason} ({ForbidSkipVariable}=1 forbids to skip)");
        Assert.Skip(reason);
    }

    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
