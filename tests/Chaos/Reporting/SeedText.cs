using System.Globalization;
using BlueGreen.Chaos.Playing;
using BlueGreen.Chaos.Scripts;

namespace BlueGreen.Chaos.Reporting;

/// <summary>A seed's result for people: a line when all is well, everything that helps when it is not.</summary>
internal static class SeedText
{
    public static string Of(ChaosScript script, SeedResult result)
    {
        var (evidence, seconds) = (result.Evidence, result.Seconds);
        var ends = string.Join(", ", evidence.Deployments.GroupBy(row => row.State).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {group.Key}"));
        var line = string.Create(CultureInfo.InvariantCulture,
            $"seed {script.Seed}: {(result.Verdict.IsGood ? "good" : "BAD")}: {ends}; {evidence.Alarms.Count} alarms; ")
            + string.Create(CultureInfo.InvariantCulture,
                $"{evidence.Requests.Sum(stream => stream.Value.Count)} requests; {seconds.Start:0} + {seconds.Script:0} + {seconds.Quiet:0} s");
        string[] notes = [.. result.Notes.Select(note => $"  note: {note}")];
        return result.Verdict.IsGood
            ? string.Join(Environment.NewLine, [line, .. notes])
            : string.Join(Environment.NewLine, [line, .. result.Verdict.All.Select(text => $"  {text}"), .. Ends(result), .. notes, $"  logs: {result.Folder}", script.ToString()]);
    }

    private static IEnumerable<string> Ends(SeedResult result) => result.Evidence.Deployments
        .OrderBy(row => row.Version, StringComparer.Ordinal)
        .Select(row => $"  {row.Version} ({row.Id}, environment {row.EnvironmentId}) is {row.State}: {row.Reason ?? "-"}");
}
