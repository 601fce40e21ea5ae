using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Orchestrator.Hooks;

/// <summary>Where hooks may be and what signs their calls.</summary>
public sealed class HookOptions
{
    public const string Section = "BlueGreen:Orchestrator:Hooks";

    /// <summary>Origins that hooks may be called at, e.g. <c>https://hooks.example.com</c>, <c>http://10.0.0.7:9000</c>. Empty: none.</summary>
    public IList<string> Origins { get; } = [];

    /// <summary>Secrets by the name that policies give in <c>secretRef</c>.</summary>
    public IDictionary<string, string> Secrets { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Deployments whose hooks are asked at once by one process; waiting for an answer counts. Default: 256.</summary>
    [Range(1, 10_000)]
    public int Concurrency { get; set; } = 256;

    /// <summary>Scheme, host and port must all match.</summary>
    internal bool Allows(Uri url) => Origins.Any(origin => Uri.TryCreate(origin, UriKind.Absolute, out var allowed)
        && allowed.Scheme == url.Scheme && allowed.Port == url.Port && allowed.IdnHost.Equals(url.IdnHost, StringComparison.OrdinalIgnoreCase));
}
