using BlueGreen.RegistryListener.Endpoints;
using BlueGreen.RegistryListener.Sources;

namespace BlueGreen.RegistryListener.Polling;

/// <summary>Which aliases of which models promote to an endpoint: policy before options before the names themselves.</summary>
internal static class AliasWishes
{
    public static IEnumerable<AliasKey> Of(KnownEndpoint endpoint, string source, SourceOptions settings)
    {
        var rules = endpoint.Registries.Where(rule => rule.Source == source).ToList();
        foreach (var rule in rules)
        {
            foreach (var alias in Aliases(rule.On.Count > 0 ? rule.On : settings.Promotes, endpoint))
                yield return new AliasKey(source, rule.Model ?? endpoint.Name, alias, endpoint.Name);
        }

        if (rules.Count > 0) yield break;
        var models = settings.Models.Where(pair => pair.Value == endpoint.Name).Select(pair => pair.Key).Append(endpoint.Name);
        foreach (var model in models.Distinct())
        {
            foreach (var alias in Aliases(settings.Promotes, endpoint)) yield return new AliasKey(source, model, alias, endpoint.Name);
        }
    }

    private static IEnumerable<string> Aliases(IEnumerable<string> marks, KnownEndpoint endpoint) => marks.Any()
        ? marks.Where(mark => mark.StartsWith(Mark.AliasPrefix, StringComparison.Ordinal)).Select(mark => mark[Mark.AliasPrefix.Length..])
        : [endpoint.PromotionStage];
}
