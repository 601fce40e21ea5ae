using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// <c>mlflow-artifacts:/{path}</c> at the configured MLflow server. A folder stands for the one file in it that is the model; where there are
/// several, the fragment names it: <c>mlflow-artifacts:/0/run/artifacts/model#model.zip</c>, or all of them, packed: <c>…/model#/</c>.
/// </summary>
internal sealed class MlflowArtifactSource(IHttpClientFactory clients, IOptions<MlflowOptions> options) : IArtifactSource
{
    public IReadOnlyList<string> Schemes { get; } = ["mlflow-artifacts"];

    public Task<ArtifactStream> OpenAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken)
    {
        if (options.Value.Url is not { } server) return Refused($"'{uri.Scheme}:' needs {MlflowOptions.Section}:Url.");
        if (uri.Host.Length > 0 && !uri.Host.Equals(server.Host, StringComparison.OrdinalIgnoreCase))
            return Refused($"{uri.Host} is not the configured MLflow server, {server.Host}.");
        var path = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/');
        if (path.Split('/').Any(step => step is "." or ".." or "")) return Refused($"'{uri}' names no artifact.");
        var files = new Proxied(clients.CreateClient(MlflowApi.ClientName));
        return HttpDownload.TryAsync(server, () => ModelFolder.OpenAsync(files, path, uri.Fragment, position, cancellationToken), cancellationToken);
    }

    private static Task<ArtifactStream> Refused(string problem) => Task.FromResult(ArtifactStream.Refused(problem));

    /// <summary>What the server fetches from its own store and passes on. Source: MLflow REST API, <c>mlflow-artifacts</c>.</summary>
    private sealed class Proxied(HttpClient client) : IModelFiles
    {
        private const string Api = "api/2.0/mlflow-artifacts/artifacts";
        private const int MaxListing = 1 << 20;

        public async Task<ArtifactStream> OpenAsync(string file, ArtifactPosition position, CancellationToken cancellationToken)
        {
            var address = new Uri(client.BaseAddress!, $"{Api}/{string.Join('/', file.Split('/').Select(Uri.EscapeDataString))}");
            var response = await HttpDownload.SendAsync(client, address, position, prepare: null, cancellationToken);
            return await HttpDownload.ReadAsync(address, response, cancellationToken);
        }

        public async Task<FileListing> ListAsync(string folder, CancellationToken cancellationToken)
        {
            var address = new Uri(client.BaseAddress!, $"{Api}?path={Uri.EscapeDataString(folder)}");
            using var response = await HttpDownload.SendAsync(client, address, ArtifactPosition.Start, prepare: null, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                var status = (int)response.StatusCode;
                if (status == 404) return FileListing.Nothing;
                var said = $"{HttpDownload.Shown(address)} answered {status}.";
                return FileListing.Failed(status >= 500 || status == 429 ? ArtifactStream.Unreachable(said) : ArtifactStream.Refused(said));
            }

            await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[MaxListing];
            var length = await content.ReadAtLeastAsync(buffer, MaxListing, throwOnEndOfStream: false, cancellationToken);
            return new FileListing(Names(buffer.AsMemory(0, length), folders: false), Names(buffer.AsMemory(0, length), folders: true));
        }

        /// <summary>Names without a step out of the folder: the server says them.</summary>
        private static List<string> Names(ReadOnlyMemory<byte> listing, bool folders)
        {
            try
            {
                using var document = JsonDocument.Parse(listing);
                if (!document.RootElement.TryGetProperty("files", out var files) || files.ValueKind != JsonValueKind.Array) return [];
                return [.. from file in files.EnumerateArray()
                           where folders == (file.TryGetProperty("is_dir", out var folder) && folder.ValueKind == JsonValueKind.True)
                           let path = file.TryGetProperty("path", out var text) ? text.GetString() : null
                           where path is not null and not ("." or "..") && !path.Contains('/')
                           select path];
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                return [];
            }
        }
    }
}
