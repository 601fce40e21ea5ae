using System.ComponentModel.DataAnnotations;

namespace BlueGreen.Platform.Http;

/// <summary>The MLflow server that models are looked up at, downloaded from, and told of outcomes; Databricks speaks the same API.</summary>
public sealed class MlflowOptions
{
    public const string Section = "BlueGreen:Mlflow";

    /// <summary>Base address, e.g. <c>https://mlflow.example.com/</c>. Null: no MLflow server is asked anything.</summary>
    public Uri? Url { get; set; }

    /// <summary>Bearer token; null: none, or <see cref="User"/> and <see cref="Password"/>.</summary>
    public string? Token { get; set; }

    /// <summary>User of HTTP basic authentication.</summary>
    public string? User { get; set; }
    public string? Password { get; set; }

    /// <summary>Longest wait for one answer of the API. Default: 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
