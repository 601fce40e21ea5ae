namespace BlueGreen.EnvManager.Artifacts;

/// <summary>The S3-compatible store of <c>s3://bucket/key</c> artifacts.</summary>
public sealed class S3Options
{
    public const string Section = "BlueGreen:EnvManager:S3";

    /// <summary>Base address of a store that is not AWS's, e.g. <c>http://minio:9000</c>. Null: AWS's, of <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Region that requests are signed for.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Access key; null: requests are not signed, for public buckets.</summary>
    public string? AccessKey { get; set; }
    public string? SecretKey { get; set; }

    /// <summary>Of temporary credentials.</summary>
    public string? SessionToken { get; set; }
}
