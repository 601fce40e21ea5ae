using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>A directory with policies and, beside them, the files that they name.</summary>
/// <param name="path">The directory.</param>
internal sealed class PolicyDirectory(string path) : IPolicyFiles
{
    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);

    /// <summary>Files that <see cref="Find"/> was asked for, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> Contents => _contents;

    public IReadOnlyList<string> PolicyPaths =>
        [.. Directory.EnumerateFiles(path, "*.yaml").Concat(Directory.EnumerateFiles(path, "*.yml")).Order(StringComparer.Ordinal)];

    public static string ReadText(string policyPath) => File.ReadAllText(policyPath, Encoding.UTF8);

    public BlobReference? Find(string name, out string problem)
    {
        problem = "";
        if (!_contents.TryGetValue(name, out var content))
        {
            var file = Path.Combine(path, name);
            if (!File.Exists(file))
            {
                problem = $"There is no file '{name}' beside the policy, in {path}.";
                return null;
            }

            _contents[name] = content = File.ReadAllBytes(file);
        }

        return new BlobReference { Sha256 = BlobDigest.Of(content), Name = name };
    }
}
