using System.Globalization;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>Plays sequences and shortens those that break something.</summary>
internal static class Script
{
    /// <returns>Null when everything held; otherwise the shortest sequence found that breaks something, step by step.</returns>
    public static string? Tell(Setting setting, IReadOnlyList<Move> moves, Planted bug = Planted.Nothing)
    {
        if (Play(setting, moves, bug) is null) return null;
        var shortest = Shorten(setting, moves, bug);
        var (what, story) = Play(setting, shortest, bug)!.Value;
        var replay = string.Join(", ", shortest.Select(move => string.Create(CultureInfo.InvariantCulture, $"new({move.Kind}, {move.Pick}, {move.Variant})")));
        return $"{what} (setting {setting.Number})\n  {string.Join("\n  ", story)}\n  [{replay}]";
    }

    /// <summary>Leaves out halves, quarters, single moves, for as long as what remains still breaks something.</summary>
    private static IReadOnlyList<Move> Shorten(Setting setting, IReadOnlyList<Move> moves, Planted bug)
    {
        for (var size = moves.Count / 2; size > 0;)
        {
            var shorter = Enumerable.Range(0, moves.Count)
                .Where(start => start % size == 0)
                .Select(start => moves.Where((_, index) => index < start || index >= start + size).ToList())
                .FirstOrDefault(candidate => Play(setting, candidate, bug) is not null);
            if (shorter is not null) moves = shorter;
            else size /= 2;
        }

        return moves;
    }

    private static (string What, IReadOnlyList<string> Story)? Play(Setting setting, IReadOnlyList<Move> moves, Planted bug)
    {
        using var world = new World(setting, bug);
        try
        {
            foreach (var move in moves) world.Play(move);
            return null;
        }
        catch (Violation violation)
        {
            return (violation.Message, [.. world.Story]);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return (failure.ToString(), [.. world.Story]);
        }
    }
}
