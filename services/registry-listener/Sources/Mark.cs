namespace BlueGreen.RegistryListener.Sources;

/// <summary>Something that a registry put on a model version and that may mean "promoted".</summary>
/// <param name="Text">As policies and options write it: <c>alias:champion</c>, <c>tag:stage=prod</c>, <c>stage:Production</c>, <c>approval:Approved</c>.</param>
/// <param name="Stage">The word that an endpoint's <c>promotion.stage</c> is compared with; null: never a promotion unless asked for by text.</param>
/// <param name="Suffices">True when the registry's own meaning of it is "release this", whatever the endpoint's stage is called.</param>
internal sealed record Mark(string Text, string? Stage, bool Suffices = false)
{
    /// <summary>What the text of a mark begins with that is an alias.</summary>
    public const string AliasPrefix = "alias:";

    /// <summary>Tag keys whose value is compared with the endpoint's stage.</summary>
    private static readonly HashSet<string> StageTags = new(StringComparer.OrdinalIgnoreCase) { "stage", "bluegreen.stage" };

    /// <summary>The version appeared in the registry; a promotion only for those who ask for <c>event:created</c>.</summary>
    public static Mark Created { get; } = new("event:created", null);

    /// <summary>The alias that it is; null when it is something else.</summary>
    public string? Alias => Text.StartsWith(AliasPrefix, StringComparison.Ordinal) ? Text[AliasPrefix.Length..] : null;

    public static Mark OfAlias(string alias) => new(AliasPrefix + alias, alias);
    public static Mark OfStage(string stage) => new($"stage:{stage}", stage);
    public static Mark OfTag(string key, string? value) => new(value is null ? $"tag:{key}" : $"tag:{key}={value}", StageTags.Contains(key) ? value : null);
}
