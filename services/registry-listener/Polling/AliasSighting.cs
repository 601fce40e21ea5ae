namespace BlueGreen.RegistryListener.Polling;

/// <summary>An alias of a registered model, as far as it promotes to an endpoint.</summary>
internal readonly record struct AliasKey(string Source, string Model, string Alias, string Endpoint);

/// <summary>What the registry answered about an alias.</summary>
/// <param name="Key">Which alias.</param>
/// <param name="Version">The version that has it; empty: none.</param>
/// <param name="Revision">
/// The one of what had been seen before the registry was asked; 0: nothing. Where it is another by now, somebody has newer news.
/// </param>
internal sealed record AliasSighting(AliasKey Key, string Version, long Revision);
