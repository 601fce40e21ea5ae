using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Sources;

namespace BlueGreen.RegistryListener.Webhooks;

/// <summary>Which endpoints a model version is promoted to, and from where: policy before options before the names themselves.</summary>
internal static class PromotionMap
{
    /// <summary>Every endpoint that the model is for; none: it is for none of them.</summary>
    public static IReadOnlyList<(KnownEndpoint Endpoint, RegistryRule? Rule)> Endpoints(
        Promotion promotion, string source, SourceOptions options, IReadOnlyDictionary<string, KnownEndpoint> known)
    {
        if (promotion.Endpoint is { } named) return Only(known, named);
        var ruled = known.Values
            .SelectMany(endpoint => endpoint.Registries.Select(rule => (Endpoint: endpoint, Rule: (RegistryRule?)rule)))
            .Where(pair => pair.Rule!.Source == source && (pair.Rule.Model ?? pair.Endpoint.Name) == promotion.Model)
            .DistinctBy(pair => pair.Endpoint.Name).OrderBy(pair => pair.Endpoint.Name, StringComparer.Ordinal).ToList();
        return ruled.Count > 0 ? ruled : Only(known, options.Models.GetValueOrDefault(promotion.Model) ?? promotion.Model);
    }

    /// <summary>The mark that means "promoted" to this endpoint, else null.</summary>
    public static Mark? PromotingMark(Promotion promotion, SourceOptions options, KnownEndpoint endpoint, RegistryRule? rule)
    {
        IEnumerable<string> asked = rule is { On.Count: > 0 } ? rule.On : options.Promotes;
        return asked.Any()
            ? promotion.Marks.FirstOrDefault(mark => asked.Contains(mark.Text, StringComparer.Ordinal))
            : promotion.Marks.FirstOrDefault(mark => mark.Suffices || mark.Stage == endpoint.PromotionStage);
    }

    /// <summary>Why none of the marks promotes.</summary>
    public static string NotPromoted(Promotion promotion, SourceOptions options, KnownEndpoint endpoint, RegistryRule? rule)
    {
        IEnumerable<string> asked = rule is { On.Count: > 0 } ? rule.On : options.Promotes;
        var marks = promotion.Marks.Count == 0 ? "nothing" : string.Join(", ", promotion.Marks.Select(mark => $"'{mark.Text}'"));
        return asked.Any()
            ? $"{marks} is not {string.Join(" or ", asked.Select(mark => $"'{mark}'"))}, what endpoint '{endpoint.Name}' is promoted by"
            : $"{marks} is not the stage '{endpoint.PromotionStage}', the one endpoint '{endpoint.Name}' is promoted from";
    }

    /// <summary>Where the version's artifact is, or why that is not known.</summary>
    public static (ArtifactReference? Artifact, string? Problem) Artifact(
        Promotion promotion, SourceOptions options, RegistryRule? rule, IList<string> schemes)
    {
        var artifact = promotion.Artifact;
        if ((rule?.Artifact ?? options.Artifact) is { } template)
        {
            var text = template
                .Replace("{model}", Uri.EscapeDataString(promotion.Model), StringComparison.Ordinal)
                .Replace("{version}", Uri.EscapeDataString(promotion.Version), StringComparison.Ordinal)
                .Replace("{uri}", artifact?.Uri.OriginalString.TrimEnd('/'), StringComparison.Ordinal);
            if (PromotionFields.ArtifactUri(text) is not { } uri) return (null, $"its artifact's address '{text}' is no absolute URI");
            artifact = new ArtifactReference { Uri = uri, Sha256 = artifact?.Sha256 ?? "" };
        }

        if (artifact is null) return (null, "the registry does not say where its artifact is: set `artifact` in the policy's promotion.registries");
        if (!schemes.Contains(artifact.Uri.Scheme, StringComparer.OrdinalIgnoreCase))
            return (null, $"its artifact's scheme '{artifact.Uri.Scheme}' is not allowed; allowed are {string.Join(", ", schemes)}");
        return (artifact.Sha256.Length > 0 ? artifact : artifact with { Sha256 = TaggedDigest(promotion) }, null);
    }

    private static string TaggedDigest(Promotion promotion)
    {
        const string Tag = "tag:sha256=";
        var digest = promotion.Marks.FirstOrDefault(mark => mark.Text.StartsWith(Tag, StringComparison.OrdinalIgnoreCase))?.Text[Tag.Length..].ToLowerInvariant();
        return digest is not null && BlobDigest.IsValid(digest) ? digest : "";
    }

    private static IReadOnlyList<(KnownEndpoint, RegistryRule?)> Only(IReadOnlyDictionary<string, KnownEndpoint> known, string name) =>
        known.TryGetValue(name, out var endpoint) ? [(endpoint, null)] : [];
}
