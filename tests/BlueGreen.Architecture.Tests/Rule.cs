namespace BlueGreen.Architecture.Tests;

internal static class Rule
{
    /// <summary>Fails with the rule and one line per place that breaks it.</summary>
    public static void HoldsEverywhere(string rule, IEnumerable<string> violations)
    {
        var found = violations.Distinct().ToList();
        Assert.True(found.Count == 0, $"{rule}\n  {string.Join("\n  ", found)}");
    }
}
