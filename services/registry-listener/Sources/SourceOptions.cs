using System.ComponentModel.DataAnnotations;
using BlueGreen.RegistryListener.Sources.Identity;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>One registry: its credentials and what its events mean here.</summary>
public sealed class SourceOptions
{
    /// <summary>The section that holds one of these for each source, by its name.</summary>
    public const string Section = "BlueGreen:RegistryListener:Sources";

    /// <summary>Fewest characters of <see cref="Secret"/>.</summary>
    public const int MinimumSecretLength = 16;

    /// <summary>
    /// Shared secret that signs the webhooks, or is itself sent where the registry cannot sign; at least 16 characters. Empty: the source is
    /// disabled, unless <see cref="Identity"/> says who may send.
    /// </summary>
    public string Secret { get; set; } = "";

    /// <summary>
    /// Whose format it is, e.g. <c>generic</c>; null: the one of the source's own name. With it one listener hears two MLflow servers, or a
    /// registry of its own name that sends JSON of its own shape.
    /// </summary>
    public string? Format { get; set; }

    /// <summary>
    /// <c>signature</c> (default) or <c>token</c>. Only for <c>generic</c>, where a registry cannot sign as that format does. The others are
    /// authenticated as their registry can.
    /// </summary>
    [RegularExpression("signature|token")]
    public string Authentication { get; set; } = "signature";

    /// <summary>
    /// For senders that bring a signed token of their own identity (Pub/Sub, Eventarc, Event Grid) instead of a shared secret. For the formats
    /// <c>vertex</c>, <c>azureml</c>, <c>cloudevents</c>, <c>sagemaker</c> and <c>generic</c>.
    /// </summary>
    public IdentityOptions Identity { get; set; } = new();

    /// <summary>Endpoint by registered model; a policy that names the model itself goes before it.</summary>
    public Dictionary<string, string> Models { get; set; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Marks that mean promoted, e.g. <c>alias:champion</c>, <c>tag:stage=prod</c>, <c>stage:Production</c>, <c>approval:Approved</c>,
    /// <c>event:created</c>. Empty: an alias, stage or tag <c>stage</c> that equals the endpoint's <c>promotion.stage</c>.
    /// </summary>
    public IList<string> Promotes { get; set; } = [];

    /// <summary>
    /// Where the artifact is, with <c>{model}</c>, <c>{version}</c> and <c>{uri}</c> (what the event says) filled in. Null: where the event
    /// or the registry says.
    /// </summary>
    public string? Artifact { get; set; }

    /// <summary>
    /// A version that was promoted this recently, by the events' own times, is not promoted again: some registries tell of one change
    /// several times. Default: zero; 5 minutes for SageMaker.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan? RepeatWindow { get; set; }

    /// <summary>
    /// Where the end of every deployment that this registry started is told, by a POST signed with <see cref="Secret"/> as the generic webhook
    /// is. Null: nowhere.
    /// </summary>
    public Uri? OutcomeUrl { get; set; }

    /// <summary>MLflow and Databricks: alias that a version gets when its deployment is committed, e.g. <c>live</c>. Null: none.</summary>
    public string? LiveAlias { get; set; }

    /// <summary>Where the fields are in JSON of another shape (formats <c>generic</c>, <c>cloudevents</c> and <c>wandb</c>); RFC 6901 pointers.</summary>
    public PointerOptions Pointers { get; set; } = new();

    /// <summary>Where the fields of a promotion are; null: the format's own place.</summary>
    public sealed class PointerOptions
    {
        /// <summary>e.g. <c>/model/name</c>. For the generic format, setting it is what makes the other pointers count.</summary>
        public string? Model { get; set; }
        public string? Version { get; set; }
        public string? Stage { get; set; }
        public string? Endpoint { get; set; }
        public string? ArtifactUri { get; set; }
        public string? ArtifactSha256 { get; set; }
        public string? Id { get; set; }
        public string? Time { get; set; }
        public string? PromotedBy { get; set; }
    }
}
