namespace BlueGreen.EnvManager.Artifacts;

/// <summary>
/// A folder stands for the one file in it that is the model; where there are several, <c>#model.zip</c> names it, and <c>#/</c> means all of
/// them, packed.
/// </summary>
internal static class ModelFolder
{
    private const string Whole = "/";
    private const int MaxDepth = 20;

    /// <summary>What MLflow itself writes beside a model.</summary>
    private static readonly HashSet<string> Descriptions = new(StringComparer.Ordinal)
    {
        "MLmodel", "conda.yaml", "python_env.yaml", "requirements.txt", "input_example.json", "serving_input_example.json", "registered_model_meta",
    };

    /// <param name="files">Where it is.</param>
    /// <param name="path">The folder, or the file itself; empty: the topmost folder.</param>
    /// <param name="fragment">Of the artifact's address, with its hash or empty.</param>
    /// <param name="position">Where to go on.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public static async Task<ArtifactStream> OpenAsync(
        IModelFiles files, string path, string fragment, ArtifactPosition position, CancellationToken cancellationToken)
    {
        var named = Uri.UnescapeDataString(fragment.TrimStart('#'));
        if (named == Whole) return await PackAsync(files, path, cancellationToken);
        if (named.Length > 0) return await files.OpenAsync(Joined(path, named), position, cancellationToken);
        var listing = await files.ListAsync(path, cancellationToken);
        if (listing.Problem is { } problem) return problem;
        var models = listing.Files.Where(file => !Descriptions.Contains(file)).ToList();
        return (listing.Files.Count, models) switch
        {
            (0, _) when path.Length > 0 => await files.OpenAsync(path, position, cancellationToken),
            (_, [var only]) => await files.OpenAsync(Joined(path, only), position, cancellationToken),
            _ => ArtifactStream.Refused($"{Shown(path)} holds {(models.Count == 0 ? "no model" : string.Join(", ", models))}: "
                + "name the model's file, e.g. with `artifact: \"{uri}#model.zip\"` in the policy's promotion.registries, or take all of it: `\"{uri}#/\"`."),
        };
    }

    private static async Task<ArtifactStream> PackAsync(IModelFiles files, string path, CancellationToken cancellationToken)
    {
        var (names, pending) = (new List<string>(), new Stack<string>([""]));
        while (pending.TryPop(out var folder))
        {
            if (folder.Count(letter => letter == '/') > MaxDepth) return ArtifactStream.Refused($"{Shown(path)} is more than {MaxDepth} folders deep.");
            var listing = await files.ListAsync(Joined(path, folder.TrimEnd('/')), cancellationToken);
            if (listing.Problem is { } problem) return problem;
            names.AddRange(listing.Files.Select(file => folder + file));
            foreach (var inner in listing.Folders) pending.Push($"{folder}{inner}/");
        }

        return names.Count == 0
            ? ArtifactStream.Refused($"There is no folder {Shown(path)}, or nothing in it.")
            : PackedFolder.Open(names, (name, token) => files.OpenAsync(Joined(path, name), ArtifactPosition.Start, token));
    }

    private static string Joined(string path, string name) => (path.Length, name.Length) switch
    {
        (0, _) => name,
        (_, 0) => path,
        _ => $"{path}/{name}",
    };

    private static string Shown(string path) => path.Length > 0 ? path : "the version";
}
