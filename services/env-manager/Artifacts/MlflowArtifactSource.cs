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
            return Read(buffer.AsMemory(0, length));
        }

        /// <summary>Names without a step out of the folder: the server says them.</summary>
        private static FileListing Read(ReadOnlyMemory<byte> listing)
        {
            try
            {
                using var document = JsonDocument.Parse(listing);
                if (!document.RootElement.TryGetProperty("files", out var items) || items.ValueKind != JsonValueKind.Array) return FileListing.Nothing;
                var (files, folders) = (new List<string>(), new List<string>());
                foreach (var item in items.EnumerateArray())
                {
                    var name = item.TryGetProperty("path", out var text) ? text.GetString() : null;
                    if (name is null or "." or ".." || name.Contains('/')) continue;
                    (item.TryGetProperty("is_dir", out var folder) && folder.ValueKind == JsonValueKind.True ? folders : files).Add(name);
                }

                return new FileListing(files, folders);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                return FileListing.Nothing;
            }
        }
    }
}
