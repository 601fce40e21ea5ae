namespace BlueGreen.Chaos.Scripts;

/// <summary>What is played for one seed; nothing but the seed decides it.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="SecondRouter">Whether there are two replicas of the router.</param>
/// <param name="Stories">One for each endpoint; they are played beside each other.</param>
/// <param name="Last">The endpoint that is released to once more when everything is mended; null: none.</param>
internal sealed record ChaosScript(int Seed, bool SecondRouter, IReadOnlyList<EndpointStory> Stories, string? Last)
{
    /// <summary>The version that is promoted when everything is mended.</summary>
    public string? LastVersion => Last is null ? null : $"{Last}-last";

    public override string ToString() => string.Join(
        Environment.NewLine,
        [
            $"seed {Seed}{(SecondRouter ? ", two routers" : "")}:", .. Stories.Select(story => story.ToString()),
            .. Last is null ? Array.Empty<string>() : [$"  in the end: {LastVersion}, which must be committed"],
        ]);
}
