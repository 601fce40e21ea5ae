using System.ComponentModel.DataAnnotations;
using BlueGreen.RegistryListener.Sources;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener;

/// <summary>Which registries are heard and what is accepted from them.</summary>
public sealed class RegistryListenerOptions
{
    public const string Section = "BlueGreen:RegistryListener";

    /// <summary>Formats whose senders can bring a token.</summary>
    private static readonly string[] TokenFormats = ["vertex", "azureml", "cloudevents", "sagemaker", "generic"];

    private static readonly string[] DefaultArtifactSchemes = ["file", "http", "https", "s3", "gs", "mlflow-artifacts", "models"];

    /// <summary>The registries by source name, e.g. <c>mlflow</c>. A source without a secret or an identity is disabled.</summary>
    public Dictionary<string, SourceOptions> Sources { get; set; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Largest body in bytes. Default: 1 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>How far a signed timestamp may be from this clock, either way. Default: 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>URI schemes that an artifact may have. Default: <c>file</c>, <c>http</c>, <c>https</c>, <c>s3</c>, <c>gs</c>, <c>mlflow-artifacts</c>, <c>models</c>.</summary>
    public IList<string> ArtifactSchemes { get; set; } = [];

    /// <summary>Longest wait for the database before a webhook is answered 503. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Webhooks that may wait for the database at once; more are answered 503. Default: 4096.</summary>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = 4096;

    /// <summary>Bytes of bodies that may be in memory at once; more are answered 503. Default: 128 MiB.</summary>
    [Range(1024 * 1024, long.MaxValue)]
    public long MemoryLimitBytes { get; set; } = 128L * 1024 * 1024;

    /// <summary>Webhooks that are stored in one transaction at most. Default: 256.</summary>
    [Range(1, 10_000)]
    public int BatchLimit { get; set; } = 256;

    /// <summary>How often the MLflow server is asked for promotions whose webhook was lost. Default: 2 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long delivery ids are remembered; far longer than any sender repeats one. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "3650.00:00:00")]
    public TimeSpan DeliveryRetention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long the same body is taken for a repetition where the registry sends neither an id nor a time (Weights &amp; Biases, Hugging Face,
    /// tokens of the generic format). Later it is one only while the deployment that it started is still the model's latest. Default: 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SameBodyWindow { get; set; } = TimeSpan.FromMinutes(10);

    // The configuration binder appends to lists, so the default cannot be the list's initial content.
    internal IList<string> AllowedArtifactSchemes => ArtifactSchemes.Count > 0 ? ArtifactSchemes : DefaultArtifactSchemes;

    /// <summary>The options of an enabled source, else null.</summary>
    internal SourceOptions? EnabledOf(string source) =>
        Sources.TryGetValue(source, out var options) && (!string.IsNullOrEmpty(options.Secret) || options.Identity.IsOn) ? options : null;

    internal sealed class Validator : IValidateOptions<RegistryListenerOptions>
    {
        public ValidateOptionsResult Validate(string? name, RegistryListenerOptions options)
        {
            var problems = options.Sources
                .Where(source => source.Value.Secret is { Length: > 0 and < SourceOptions.MinimumSecretLength })
                .Select(source => $"{Section}:Sources:{source.Key}:Secret is too short: use at least " +
                    $"{SourceOptions.MinimumSecretLength} characters, e.g. from `openssl rand -hex 32`.")
                .Concat(options.Sources.SelectMany(source => Check(source.Key, source.Value)))
                .ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private static IEnumerable<string> Check(string name, SourceOptions source)
        {
            var results = new List<ValidationResult>();
            System.ComponentModel.DataAnnotations.Validator.TryValidateObject(source, new ValidationContext(source), results, validateAllProperties: true);
            foreach (var result in results) yield return $"{Section}:Sources:{name}: {result.ErrorMessage}";
            foreach (var problem in source.Identity.Problems()) yield return $"{Section}:Sources:{name}:Identity:{problem}";
            if (source.Identity.IsOn && !TokenFormats.Contains(source.Format ?? name, StringComparer.OrdinalIgnoreCase))
                yield return $"{Section}:Sources:{name}:Identity is for the formats {string.Join(", ", TokenFormats)}: the others sign.";
            if (source.Identity.IsOn && source.OutcomeUrl is not null && source.Secret.Length == 0)
                yield return $"{Section}:Sources:{name}:Secret is missing: OutcomeUrl is signed with it.";
            if (source.Artifact is { } template && !template.Contains(':', StringComparison.Ordinal))
                yield return $"{Section}:Sources:{name}:Artifact must be an absolute URI such as s3://models/{{model}}/{{version}}.zip.";
        }
    }
}
