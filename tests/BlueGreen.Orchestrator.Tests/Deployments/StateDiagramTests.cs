using System.Runtime.CompilerServices;
using System.Text;
using BlueGreen.Orchestrator.Deployments;

namespace BlueGreen.Orchestrator.Tests.Deployments;

/// <summary>Keeps the diagrams true: they are drawn from the state machine. <c>BLUEGREEN_APPROVE=1</c> redraws them.</summary>
public sealed class StateDiagramTests
{
    private const string Begin = "<!-- states: generated from the state machine by StateDiagramTests -->";
    private const string End = "<!-- /states -->";
    private static readonly string[] Ends = ["Committed", "RolledBack", "Failed", "Rejected", "Cancelled", "Superseded"];

    [Fact]
    public void Readme_StateDiagram_IsWhatTheStateMachineDoes() => IsTrue("README.md", arrow => !IsLeftOut(arrow.From, arrow.To));

    [Fact]
    public void Flow_StateDiagram_IsAllThatTheStateMachineDoes() => IsTrue("docs/flow.md", _ => true);

    private static void IsTrue(string document, Func<(string From, string To), bool> isDrawn)
    {
        var path = PathOf(document);
        var text = File.ReadAllText(path);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"{document} has no block between '{Begin}' and '{End}'.");
        var expected = $"{Begin}\n```mermaid\n{Draw(isDrawn)}```\n";
        if (Environment.GetEnvironmentVariable("BLUEGREEN_APPROVE") == "1")
        {
            File.WriteAllText(path, text[..begin] + expected + text[end..]);
            return;
        }

        Assert.Equal(expected, text[begin..end]);
    }

    /// <summary>README tells the way of a release: repetitions, what is called off and the replays are for <c>docs/flow.md</c>.</summary>
    private static bool IsLeftOut(string from, string to) =>
        from == to || from == "Faulted" || new[] { from, to }.Any(state => state is "Rejected" or "Cancelled" or "Superseded");

    private static string Draw(Func<(string From, string To), bool> isDrawn)
    {
        var arrows = TransitionCollector.Of(new DeploymentStateMachine())
            .GroupBy(transition => (transition.From, transition.To))
            .Where(arrow => isDrawn(arrow.Key))
            .Select(arrow => (arrow.Key.From, arrow.Key.To, Messages: arrow.Select(each => each.Message.Replace(".Received", "")).Distinct()));
        var lines = new StringBuilder("stateDiagram-v2\n");
        foreach (var (from, to, messages) in arrows)
            lines.Append($"    {(from == "Initial" ? "[*]" : from)} --> {to}: {string.Join(" / ", messages)}\n");
        foreach (var end in Ends.Where(state => isDrawn((state, "[*]")))) lines.Append($"    {end} --> [*]\n");
        return lines.ToString();
    }

    private static string PathOf(string document, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", document));
}
