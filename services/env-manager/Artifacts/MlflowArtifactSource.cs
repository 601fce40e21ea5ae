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
    private const string Api = "api/2.0/mlflow-artifacts/artifacts";
    private const string WholeFolder = "/";
    private const int FolderDepth = 20;
    private const int MaxListing = 1 << 20;

    /// <summary>What MLflow itself writes beside a model.</summary>
    private static readonly HashSet<string> Descriptions = new(StringComparer.Ordinal)
    {
        "MLmodel", "conda.yaml", "python_env.yaml", "requirements.txt", "input_example.json", "serving_input_example.json", "registered_model_meta",
    };

    public IReadOnlyList<string> Schemes { get; } = ["mlflow-artifacts"];

    public Task<ArtifactStream> OpenAsync(Uri uri, ArtifactPosition position, CancellationToken cancellationToken)
    {
        if (options.Value.Url is not { } server) return Refused($"'{uri.Scheme}:' needs {MlflowOptions.Section}:Url.");
        if (uri.Host.Length > 0 && !uri.Host.Equals(server.Host, StringComparison.OrdinalIgnoreCase))
            return Refused($"{uri.Host} is not the configured MLflow server, {server.Host}.");
        var path = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/');
        if (path.Split('/').Any(step => step is "." or ".." or "")) return Refused($"'{uri}' names no artifact.");
        return HttpDownload.TryAsync(server, () => OpenAsync(uri, path, position, cancellationToken), cancellationToken);
    }

    private async Task<ArtifactStream> OpenAsync(Uri uri, string path, ArtifactPosition position, CancellationToken cancellationToken)
    {
        var client = clients.CreateClient(MlflowApi.ClientName);
        var named = Uri.UnescapeDataString(uri.Fragment.TrimStart('#'));
        if (named == WholeFolder) return await FolderAsync(client, path, cancellationToken);
        if (named.Length > 0) return await FileAsync(client, $"{path}/{named}", position, cancellationToken);
        var (files, _, problem) = await ListAsync(client, path, cancellationToken);
        if (problem is not null) return problem;
        var models = files.Where(file => !Descriptions.Contains(file)).ToList();
        return (files.Count, models) switch
        {
            (0, _) => await FileAsync(client, path, position, cancellationToken),
            (_, [var only]) => await FileAsync(client, $"{path}/{only}", position, cancellationToken),
            _ => ArtifactStream.Refused($"{path} holds {(models.Count == 0 ? "no model" : string.Join(", ", models))}: "
                + "name the model's file, e.g. with `artifact: \"{uri}#model.zip\"` in the policy's promotion.registries, or take all of it: `\"{uri}#/\"`."),
        };
    }

    private static async Task<ArtifactStream> FolderAsync(HttpClient client, string path, CancellationToken cancellationToken)
    {
        var (names, pending) = (new List<string>(), new Stack<string>([""]));
        while (pending.TryPop(out var folder))
        {
            if (folder.Count(letter => letter == '/') > FolderDepth) return ArtifactStream.Refused($"{path} is more than {FolderDepth} folders deep.");
            var (files, folders, problem) = await ListAsync(client, $"{path}/{folder}".TrimEnd('/'), cancellationToken);
            if (problem is not null) return problem;
            names.AddRange(files.Select(file => folder + file));
            foreach (var inner in folders) pending.Push($"{folder}{inner}/");
        }

        return names.Count == 0
            ? ArtifactStream.Refused($"There is no folder {path}, or nothing in it.")
            : PackedFolder.Open(names, (name, token) => FileAsync(client, $"{path}/{name}", ArtifactPosition.Start, token));
    }

    private static async Task<ArtifactStream> FileAsync(HttpClient client, string path, ArtifactPosition position, CancellationToken cancellationToken)
    {
        var address = new Uri(client.BaseAddress!, $"{Api}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}");
        var response = await HttpDownload.SendAsync(client, address, position, prepare: null, cancellationToken);
        return await HttpDownload.ReadAsync(address, response, cancellationToken);
    }

    /// <summary>The files and folders in a folder; none when it is a file itself, or nothing.</summary>
    private static async Task<(IReadOnlyList<string> Files, IReadOnlyList<string> Folders, ArtifactStream? Problem)> ListAsync(
        HttpClient client, string path, CancellationToken cancellationToken)
    {
        var address = new Uri(client.BaseAddress!, $"{Api}?path={Uri.EscapeDataString(path)}");
        using var response = await HttpDownload.SendAsync(client, address, ArtifactPosition.Start, prepare: null, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var status = (int)response.StatusCode;
            if (status == 404) return ([], [], null);
            return ([], [], status >= 500 || status == 429
                ? ArtifactStream.Unreachable($"{HttpDownload.Shown(address)} answered {status}.")
                : ArtifactStream.Refused($"{HttpDownload.Shown(address)} answered {status}."));
        }

        await using var content = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[MaxListing];
        var length = await content.ReadAtLeastAsync(buffer, MaxListing, throwOnEndOfStream: false, cancellationToken);
        return (Names(buffer.AsMemory(0, length), folders: false), Names(buffer.AsMemory(0, length), folders: true), null);
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

    private static Task<ArtifactStream> Refused(string problem) => Task.FromResult(ArtifactStream.Refused(problem));
}
