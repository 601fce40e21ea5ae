using System.Globalization;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>
/// A cluster as the routers' configuration describes it. With neither <c>server</c> nor <c>kubeconfig</c> it is the one that the router runs
/// in, by its pod's service account.
/// </summary>
internal sealed record KubernetesTarget
{
    /// <summary>Address of the API server, e.g. <c>https://10.0.0.1:6443</c>.</summary>
    public Uri? Server { get; init; }

    /// <summary>File with the bearer token for <see cref="Server"/>; read again as it is renewed.</summary>
    public string? TokenFile { get; init; }

    /// <summary>File with the certificates (PEM) that sign the server's; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Where a pod has its service account's <c>token</c> and <c>ca.crt</c>.</summary>
    public string ServiceAccount { get; init; } = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>A kubeconfig file, with whatever credentials it holds.</summary>
    public string? Kubeconfig { get; init; }

    /// <summary>Context of the kubeconfig; null: its current one.</summary>
    public string? Context { get; init; }

    /// <summary>Longest wait for an answer of the API server.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one watch is asked for; one that broke without a word is noticed a little later.</summary>
    public TimeSpan WatchPeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait after a failure before a watch is begun anew.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the cluster may take until it shows a change in force (endpoints moved, route accepted).</summary>
    public TimeSpan Convergence { get; init; } = TimeSpan.FromSeconds(8);

    /// <exception cref="FormatException">A value is not what its name asks for; <see cref="ProblemsOf"/> tells before.</exception>
    public static KubernetesTarget Of(DriverSettings settings)
    {
        var defaults = new KubernetesTarget();
        return new KubernetesTarget
        {
            Server = settings.FromOperator("server") is { } server ? new Uri(server) : null,
            TokenFile = settings.FromOperator("tokenFile"),
            CaFile = settings.FromOperator("caFile"),
            ServiceAccount = settings.FromOperator("serviceAccount", defaults.ServiceAccount),
            Kubeconfig = settings.FromOperator("kubeconfig"),
            Context = settings.FromOperator("context"),
            Timeout = Time(settings, "timeout", defaults.Timeout),
            WatchPeriod = Time(settings, "watchPeriod", defaults.WatchPeriod),
            RetryDelay = Time(settings, "retryDelay", defaults.RetryDelay),
            Convergence = Time(settings, "convergence", defaults.Convergence),
        };
    }

    public static IEnumerable<string> ProblemsOf(DriverSettings settings)
    {
        if (settings.FromOperator("server") is { } server && !Uri.TryCreate(server, UriKind.Absolute, out _)) yield return Wrong("server", "an address");
        foreach (var name in new[] { "timeout", "watchPeriod", "retryDelay", "convergence" })
        {
            if (settings.FromOperator(name) is not { } text) continue;
            if (!TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) || time <= TimeSpan.Zero) yield return Wrong(name, "a time such as 00:00:05");
        }

        string Wrong(string name, string what) => $"BlueGreen:Router:Drivers:{settings.Target}:{name} must be {what}.";
    }

    private static TimeSpan Time(DriverSettings settings, string name, TimeSpan fallback) =>
        settings.FromOperator(name) is { } text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : fallback;
}
