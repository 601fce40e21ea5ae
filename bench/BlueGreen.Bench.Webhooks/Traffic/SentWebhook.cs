using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BlueGreen.Bench.Webhooks.Traffic;

/// <summary>A webhook as a registry would put it on the wire, signed the way that registry signs.</summary>
internal sealed record SentWebhook
{
    public required string Source { get; init; }
    public required byte[] Body { get; init; }
    public string ContentType { get; init; } = "application/json";
    public string Query { get; init; } = "";
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static string SecretOf(string source) => $"a secret of {source} for tests only";

    /// <summary>With the headers that prove, by the source's own rules, who sends it.</summary>
    public static SentWebhook Signed(
        string source, byte[] body, DateTimeOffset at, string? contentType = null, string? delivery = null, string? secret = null)
    {
        var id = delivery ?? Guid.NewGuid().ToString();
        var stamp = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        secret ??= SecretOf(source);
        return new SentWebhook
        {
            Source = source,
            Body = body,
            ContentType = contentType ?? "application/json",
            Headers = HeadersOf(source, secret, id, stamp, body),
            Query = source is "azureml" or "vertex" ? $"?token={Uri.EscapeDataString(secret)}" : "",
        };
    }

    private static Dictionary<string, string> HeadersOf(string source, string secret, string id, string stamp, byte[] body) => source switch
    {
        "generic" => new()
        {
            ["X-BlueGreen-Delivery"] = id,
            ["X-BlueGreen-Timestamp"] = stamp,
            ["X-BlueGreen-Signature"] = $"sha256={Convert.ToHexStringLower(Mac(secret, $"{id}.{stamp}.", body))}",
        },
        "mlflow" => new()
        {
            ["X-MLflow-Delivery-Id"] = id,
            ["X-MLflow-Timestamp"] = stamp,
            ["X-MLflow-Signature"] = $"v1,{Convert.ToBase64String(Mac(secret, $"{id}.{stamp}.", body))}",
        },
        "databricks" => new() { ["X-Databricks-Signature"] = Convert.ToHexStringLower(Mac(secret, "", body)) },
        "huggingface" => new() { ["X-Webhook-Secret"] = secret },
        "wandb" => new() { ["X-Wandb-Signature"] = Convert.ToBase64String(Mac(secret, "", body)) },
        "sagemaker" or "cloudevents" => new() { ["Authorization"] = $"Bearer {secret}" },
        _ => [],
    };

    private static byte[] Mac(string secret, string prefix, byte[] body) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(prefix), .. body]);
}
