using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener;

/// <summary>Which registries are heard and what is accepted from them.</summary>
public sealed class RegistryListenerOptions
{
    public const string Section = "BlueGreen:RegistryListener";

    private static readonly string[] DefaultArtifactSchemes = ["file", "http", "https"];

    /// <summary>Secrets by source name, e.g. <c>generic</c>. A source without a secret is disabled.</summary>
    public Dictionary<string, SourceOptions> Sources { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Largest body in bytes. Default: 1 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How far a signed timestamp may be from this clock, either way. Default: 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>URI schemes that an artifact may have. Default: <c>file</c>, <c>http</c>, <c>https</c>.</summary>
    public IList<string> ArtifactSchemes { get; set; } = [];

    /// <summary>Longest wait for the database before a webhook is answered 503. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long delivery ids are remembered; far longer than any sender repeats one. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan DeliveryRetention { get; set; } = TimeSpan.FromDays(90);

    // The configuration binder appends to lists, so the default cannot be the list's initial content.
    internal IList<string> AllowedArtifactSchemes => ArtifactSchemes.Count > 0 ? ArtifactSchemes : DefaultArtifactSchemes;

    /// <summary>The secret of an enabled source, else null.</summary>
    internal string? SecretOf(string source) =>
        Sources.TryGetValue(source, out var options) && !string.IsNullOrEmpty(options.Secret) ? options.Secret : null;

    /// <summary>One registry's credentials.</summary>
    public sealed class SourceOptions
    {
        /// <summary>Fewest characters of <see cref="Secret"/>.</summary>
        public const int MinimumSecretLength = 16;

        /// <summary>Shared secret that signs the webhooks, at least 16 characters. Empty: the source is disabled.</summary>
        public string Secret { get; set; } = "";
    }

    internal sealed class Validator : IValidateOptions<RegistryListenerOptions>
    {
        public ValidateOptionsResult Validate(string? name, RegistryListenerOptions options)
        {
            var weak = options.Sources
                .Where(source => source.Value.Secret is { Length: > 0 and < SourceOptions.MinimumSecretLength })
                .Select(source => $"{Section}:Sources:{source.Key}:Secret is too short: use at least " +
                    $"{SourceOptions.MinimumSecretLength} characters, e.g. from `openssl rand -hex 32`.")
                .ToList();
            return weak.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(weak);
        }
    }
}
