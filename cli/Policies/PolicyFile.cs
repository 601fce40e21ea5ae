using System.Security.Cryptography;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace BlueGreen.Cli.Policies;

/// <summary>
/// A policy made ready for upload. Files it names (<c>payloads:</c>, <c>file:</c>) are looked for beside it and referred to by content;
/// nothing else is touched, so that the lines in the platform's error messages are the lines of the author's file.
/// </summary>
internal sealed record PolicyFile(string Endpoint, string Text, IReadOnlyList<PolicyBlob> Blobs)
{
    /// <summary>Stands for live requests that the router kept, not for a file.</summary>
    private const string Captured = "captured";

    private static readonly string[] FileKeys = ["payloads", "file"];

    /// <exception cref="CommandFailure">The file, or one that it names, cannot be read, or it does not say whose policy it is.</exception>
    public static async Task<PolicyFile> LoadAsync(string path, CancellationToken ct)
    {
        var text = System.Text.Encoding.UTF8.GetString(await ReadAsync("file", path, ct)).TrimStart('\uFEFF');
        var root = Parse(path, text);
        var endpoint = Child(Child(root, "metadata"), "name") is YamlScalarNode { Value.Length: > 0 } name
            ? name.Value
            : throw CommandFailure.Usage("metadata.name", $"{path}: metadata.name has to be the endpoint's name.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var blobs = new Dictionary<string, PolicyBlob>(StringComparer.Ordinal);
        var edits = FilesIn(root).Where(scalar => !BlobName.IsReference(scalar.Value!)).OrderByDescending(scalar => scalar.Start.Index).ToList();
        foreach (var scalar in edits)
        {
            var blob = await LoadBlobAsync(path, folder, scalar, ct);
            blobs[blob.Sha256] = blob;
            text = Replace(text, scalar, BlobName.Reference(blob));
        }

        return new PolicyFile(endpoint, text, [.. blobs.Values]);
    }

    private static YamlMappingNode Parse(string path, string text)
    {
        var yaml = new YamlStream();
        try
        {
            yaml.Load(new StringReader(text));
        }
        catch (YamlException fault)
        {
            throw new CommandFailure(ExitCode.Usage, new Api.Problem
            {
                Title = "The policy is not YAML.",
                Field = path,
                Line = (int)fault.Start.Line,
                Column = (int)fault.Start.Column,
                Detail = fault.InnerException?.Message ?? fault.Message,
            });
        }

        return yaml.Documents is [{ RootNode: YamlMappingNode root }]
            ? root
            : throw CommandFailure.Usage(path, "One document with the fields apiVersion, kind, metadata and spec is expected.");
    }

    private static IEnumerable<YamlScalarNode> FilesIn(YamlNode root) => root.AllNodes
        .OfType<YamlMappingNode>()
        .SelectMany(mapping => mapping.Children)
        .Where(pair => pair.Key is YamlScalarNode { Value: { } key } && FileKeys.Contains(key))
        .Select(pair => pair.Value)
        .OfType<YamlScalarNode>()
        .Where(scalar => !string.IsNullOrEmpty(scalar.Value) && scalar.Value != Captured)
        .Distinct(ReferenceEqualityComparer.Instance)
        .Cast<YamlScalarNode>();

    private static async Task<PolicyBlob> LoadBlobAsync(string policy, string folder, YamlScalarNode scalar, CancellationToken ct)
    {
        var file = Path.Combine(folder, scalar.Value!);
        var content = await ReadAsync($"{policy}, line {scalar.Start.Line}", file, ct);
        return new PolicyBlob(Path.GetFileName(file), Convert.ToHexStringLower(SHA256.HashData(content)), content);
    }

    private static async Task<byte[]> ReadAsync(string field, string path, CancellationToken ct)
    {
        try
        {
            return await File.ReadAllBytesAsync(path, ct);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Usage(field, $"{path} cannot be read: {failure.Message}");
        }
    }

    // Quoted, as both YAML and JSON read it; the author's quotes, if any, are within the replaced range.
    private static string Replace(string text, YamlScalarNode scalar, string value) =>
        string.Concat(text.AsSpan(0, (int)scalar.Start.Index), $"\"{value}\"", text.AsSpan((int)scalar.End.Index));

    private static YamlNode? Child(YamlNode? node, string key) =>
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
}
