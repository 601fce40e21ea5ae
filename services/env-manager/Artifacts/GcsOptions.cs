namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// How <c>gs://bucket/object</c> artifacts are fetched from Google Cloud Storage. Without any credentials requests are not signed, for public
/// buckets.
/// </summary>
public sealed class GcsOptions
{
    public const string Section = "BlueGreen:EnvManager:Gcs";

    /// <summary>Base address of its XML API. Default: Google's.</summary>
    public Uri Endpoint { get; set; } = new("https://storage.googleapis.com");

    /// <summary>An OAuth 2.0 access token. They last an hour: for trying things out.</summary>
    public string? Token { get; set; }

    /// <summary>
    /// Where access tokens are asked for: the metadata server of a machine, or of a pod with workload identity, e.g.
    /// <c>http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token</c>.
    /// </summary>
    public Uri? TokenUrl { get; set; }

    /// <summary>HMAC key of a service account ("interoperability"), in place of a token.</summary>
    public string? AccessKey { get; set; }
    public string? SecretKey { get; set; }
}
