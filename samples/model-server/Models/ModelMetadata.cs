namespace BlueGreen.ModelServer.Models;

/// <summary>What an artifact says about itself: identity, inputs, decision threshold and how unseen categories are met.</summary>
/// <param name="Name">The model's name in URLs and answers.</param>
/// <param name="Version">The model's version, as text.</param>
/// <param name="Features">Inputs in the order of the pipeline's vector; exactly one is a category.</param>
/// <param name="Categories">Categories that the pipeline was trained on.</param>
/// <param name="Threshold">A score at or above it is called fraud.</param>
/// <param name="UnseenCategory">What is done with a category that is not among <paramref name="Categories"/>.</param>
internal sealed record ModelMetadata(
    string Name,
    string Version,
    IReadOnlyList<Feature> Features,
    IReadOnlyList<string> Categories,
    float Threshold,
    UnseenCategory UnseenCategory)
{
    public int NumberCount => Features.Count(feature => !feature.IsCategory);

    /// <summary>The first thing wrong with it, or null.</summary>
    public string? FindFault()
    {
        if (string.IsNullOrWhiteSpace(Name) || string.IsNullOrWhiteSpace(Version)) return "name and version are required";
        if (Features is null || Features.Count(feature => feature.IsCategory) != 1) return "exactly one feature must be BYTES";
        if (Categories is not { Count: > 0 }) return "categories are required";
        return UnseenCategory is null ? "unseenCategory is required" : UnseenCategory.FindFault();
    }
}
