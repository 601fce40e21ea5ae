using System.Text.Json;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// The files of a model version that Databricks keeps (<c>dbfs:</c>): it lists them and signs an address in the cloud's store for each.
/// Source: mlflow/store/artifact/databricks_models_artifact_repo.py, <c>model-versions/list-artifacts</c> and <c>get-signed-download-uri</c>.
/// </summary>
/// <param name="api">Where the version is registered.</param>
/// <param name="client">For the signed addresses: without the registry's credentials, and following no redirects.</param>
/// <param name="server">The registry's own address.</param>
/// <param name="version">The version as a query names it: <c>name=…&amp;version=…</c>.</param>
internal sealed class SignedModelFiles(RegistryApi api, HttpClient client, Uri server, string version) : IModelFiles
{
    private const int MaxPages = 100;

    public async Task<FileListing> ListAsync(string folder, CancellationToken cancellationToken)
    {
        var (files, folders, page) = (new List<string>(), new List<string>(), "");
        for (var count = 0; count < MaxPages; count++)
        {
            var (document, problem) = await api.GetAsync(
                $"model-versions/list-artifacts?{version}&path={Uri.EscapeDataString(folder)}{page}", cancellationToken);
            using (document)
            {
                if (document is null) return FileListing.Failed(problem!);
                foreach (var item in RegistryApi.Items(document.RootElement, "files"))
                {
                    if (Within(folder, RegistryApi.Text(item, "path")) is { } name) (IsFolder(item) ? folders : files).Add(name);
                }

                if (RegistryApi.Text(document.RootElement, "next_page_token") is not { Length: > 0 } next) return new FileListing(files, folders);
                page = $"&page_token={Uri.EscapeDataString(next)}";
            }
        }

        return FileListing.Failed(ArtifactStream.Refused($"The registry lists more than {MaxPages} pages of files."));
    }

    public async Task<ArtifactStream> OpenAsync(string file, ArtifactPosition position, CancellationToken cancellationToken)
    {
        var (document, problem) = await api.GetAsync(
            $"model-versions/get-signed-download-uri?{version}&path={Uri.EscapeDataString(file)}", cancellationToken);
        using (document)
        {
            if (document is null) return problem!;
            if (!Uri.TryCreate(RegistryApi.Text(document.RootElement, "signed_uri"), UriKind.Absolute, out var address) || !IsTrusted(address))
                return ArtifactStream.Refused($"The registry signs no https address for {file}.");
            var headers = RegistryApi.Items(document.RootElement, "headers").ToList();
            var response = await HttpDownload.SendAsync(client, address, position, request =>
            {
                foreach (var header in headers)
                {
                    if (RegistryApi.Text(header, "name") is { } name) request.Headers.TryAddWithoutValidation(name, RegistryApi.Text(header, "value"));
                }
            }, cancellationToken);
            return await HttpDownload.ReadAsync(address, response, cancellationToken);
        }
    }

    /// <summary>The registry is believed where its store is, as it is for other schemes; only not in the open.</summary>
    private bool IsTrusted(Uri address) => address.Scheme == Uri.UriSchemeHttps
        || (address.Scheme == server.Scheme && address.Authority.Equals(server.Authority, StringComparison.OrdinalIgnoreCase));

    /// <summary>Paths are those of the version; a listing of a file is the file itself, which is in no folder.</summary>
    private static string? Within(string folder, string? path)
    {
        if (path is null || (folder.Length > 0 && !path.StartsWith($"{folder}/", StringComparison.Ordinal))) return null;
        var name = folder.Length > 0 ? path[(folder.Length + 1)..] : path;
        return name is "" or "." or ".." || name.Contains('/', StringComparison.Ordinal) ? null : name;
    }

    private static bool IsFolder(JsonElement item) => item.TryGetProperty("is_dir", out var value) && value.ValueKind == JsonValueKind.True;
}
