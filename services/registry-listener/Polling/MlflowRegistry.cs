using System.Net;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Polling;

/// <summary>
/// The MLflow (or Databricks) registry's REST API, as far as promotions need it. Source: MLflow REST API, <c>registered-models</c> and
/// <c>model-versions</c>. Throws <see cref="HttpRequestException"/> for whatever may pass.
/// </summary>
internal sealed class MlflowRegistry(IHttpClientFactory clients, IOptions<MlflowOptions> options, TimeProvider clock)
{
    private const string Api = "api/2.0/mlflow";

    /// <summary>False when no server is configured.</summary>
    public bool IsConfigured => options.Value.Url is not null;

    /// <summary>Version by alias; null when there is no such model.</summary>
    public async Task<IReadOnlyDictionary<string, string>?> AliasesAsync(string model, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{Api}/registered-models/get?name={Uri.EscapeDataString(model)}", null, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        var (root, malformed) = Sources.EventJson.Read(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        if (malformed is not null) throw new HttpRequestException($"The registry's answer is no JSON: {malformed.Detail}");
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var alias in root["registered_model"]["aliases"].Items)
        {
            if (alias["alias"].Text is { } name && alias["version"].Text is { } version) aliases[name] = version;
        }

        return aliases;
    }

    /// <summary>False when the version is gone, so that there is nothing to tag.</summary>
    public Task<bool> TagAsync(string model, string version, string key, string value, CancellationToken cancellationToken) =>
        ChangeAsync($"{Api}/model-versions/set-tag", new { name = model, version, key, value }, cancellationToken);

    /// <summary>Gives the version an alias, which no other version has then. False when the version is gone.</summary>
    public Task<bool> AliasAsync(string model, string version, string alias, CancellationToken cancellationToken) =>
        ChangeAsync($"{Api}/registered-models/alias", new { name = model, version, alias }, cancellationToken);

    private async Task<bool> ChangeAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var content = JsonContent.Create(body);
        using var response = await SendAsync(HttpMethod.Post, path, content, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound) return false;
        response.EnsureSuccessStatusCode();
        return true;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        var client = clients.CreateClient(MlflowApi.ClientName);
        using var request = new HttpRequestMessage(method, new Uri(client.BaseAddress!, path)) { Content = content };
        using var limit = new CancellationTokenSource(options.Value.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"The registry did not answer within {options.Value.Timeout.TotalSeconds:0.#} s.");
        }
    }
}
