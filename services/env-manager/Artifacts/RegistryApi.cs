using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>Questions to the configured MLflow (or Databricks) registry.</summary>
internal sealed class RegistryApi(IHttpClientFactory clients, IOptions<MlflowOptions> options, TimeProvider time)
{
    private const string Api = "api/2.0/mlflow";

    /// <summary>The JSON that is answered, or the reason why there is none.</summary>
    public async Task<(JsonDocument? Document, ArtifactStream? Problem)> GetAsync(string question, CancellationToken cancellationToken)
    {
        var client = clients.CreateClient(MlflowApi.ClientName);
        using var limit = new CancellationTokenSource(options.Value.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var response = await client.GetAsync(new Uri(client.BaseAddress!, $"{Api}/{question}"), either.Token);
        var shown = $"{Api}/{question.Split('?')[0]}";
        if (!response.IsSuccessStatusCode)
        {
            var status = (int)response.StatusCode;
            var said = $"The registry answered {status} to {shown}.";
            return (null, status >= 500 || status == 429 ? ArtifactStream.Unreachable(said) : ArtifactStream.Refused(said));
        }

        try
        {
            return (JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(either.Token)), null);
        }
        catch (JsonException)
        {
            return (null, ArtifactStream.Unreachable($"The registry's answer to {shown} is no JSON."));
        }
    }

    /// <summary>The text of that member; null when there is none.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The items of that member; none when it is no array.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];
}
