using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// <c>models:/{name}/{version}</c>: a version in the configured MLflow (or Databricks) registry, which is asked where its files are.
/// Source: MLflow REST API, <c>model-versions/get-download-uri</c> and, since MLflow 3, <c>logged-models/get</c>.
/// </summary>
internal sealed class ModelVersionSource(
    IHttpClientFactory clients, IOptions<MlflowOptions> options, IServiceProvider services, TimeProvider time) : IArtifactSource
{
    private const string LoggedModel = "models:/m-";
    private const string ArtifactUri = "artifact_uri";
    private const string Databricks = "dbfs";
    private readonly RegistryApi _api = new(clients, options, time);

    public IReadOnlyList<string> Schemes { get; } = ["models"];

    public Task<ArtifactStream> OpenAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken)
    {
        if (options.Value.Url is not { } server) return Task.FromResult(ArtifactStream.Refused($"'models:' needs {MlflowOptions.Section}:Url."));
        var parts = uri.AbsolutePath.Trim('/').Split('/');
        if (parts is not [{ Length: > 0 } name, { Length: > 0 } version])
            return Task.FromResult(ArtifactStream.Refused($"'{uri}' names no model version: write models:/name/version."));
        // Percent-encoded as they came, which is what a query wants.
        var query = $"name={name}&version={version}";
        return HttpDownload.TryAsync(server, async () =>
        {
            var (location, problem) = await LocateAsync(query, cancellationToken);
            if (location is null) return problem!;
            if (location.Scheme != Databricks) return await DelegateAsync(uri.Fragment, location, position, cancellationToken);
            var files = new SignedModelFiles(_api, clients.CreateClient(HttpArtifactSource.ClientName), server, query);
            return await ModelFolder.OpenAsync(files, "", uri.Fragment, position, cancellationToken);
        }, cancellationToken);
    }

    private async Task<(Uri? Location, ArtifactStream? Problem)> LocateAsync(string query, CancellationToken cancellationToken)
    {
        var (document, problem) = await _api.GetAsync($"model-versions/get-download-uri?{query}", cancellationToken);
        using (document)
        {
            if (document is null) return (null, problem);
            var text = RegistryApi.Text(document.RootElement, ArtifactUri);
            if (text?.StartsWith(LoggedModel, StringComparison.Ordinal) != true) return Parsed(text);
            return await LocateLoggedAsync(text["models:/".Length..], cancellationToken);
        }
    }

    private async Task<(Uri? Location, ArtifactStream? Problem)> LocateLoggedAsync(string id, CancellationToken cancellationToken)
    {
        var (document, problem) = await _api.GetAsync($"logged-models/{Uri.EscapeDataString(id)}", cancellationToken);
        using (document)
        {
            if (document is null) return (null, problem);
            return document.RootElement.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.Object
                && model.TryGetProperty("info", out var info) ? Parsed(RegistryApi.Text(info, ArtifactUri)) : Parsed(null);
        }
    }

    private async Task<ArtifactStream> DelegateAsync(string fragment, Uri location, ArtifactPosition position, CancellationToken cancellationToken)
    {
        // Asked for here, not injected: this source is one of them.
        var source = services.GetServices<IArtifactSource>().FirstOrDefault(candidate => candidate != this && candidate.Schemes.Contains(location.Scheme));
        if (source is null) return ArtifactStream.Refused($"The registry keeps the version at '{location.Scheme}:', which is not supported.");
        var isMlflow = location.Scheme == "mlflow-artifacts";
        // MLflow's own store picks the file in a folder; elsewhere the folder and the file are one address.
        var file = fragment.Length == 0 || isMlflow ? location.AbsoluteUri + fragment : $"{location.AbsoluteUri.TrimEnd('/')}/{fragment.TrimStart('#')}";
        return await source.OpenAsync(new Uri(file), position, cancellationToken);
    }

    private static (Uri?, ArtifactStream?) Parsed(string? text)
    {
        // A path without a scheme is a folder of the registry's own machine, or of a share.
        var address = text?.StartsWith('/') == true ? $"file://{text}" : text;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? (uri, null)
            : (null, ArtifactStream.Refused($"The registry does not say where the version's files are ('{text}')."));
    }
}
