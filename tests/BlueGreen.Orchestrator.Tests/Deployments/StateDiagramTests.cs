using System.Runtime.CompilerServices;
using System.Text;
using BlueGreen.Orchestrator.Deployments;

namespace BlueGreen.Orchestrator.Tests.Deployments;

/// <summary>Keeps README's diagram true: it is drawn from the state machine. <c>BLUEGREEN_APPROVE=1</c> redraws it.</summary>
public sealed class StateDiagramTests
{
    private const string Begin = "<!-- states: generated from the state machine by StateDiagramTests -->";
    private const string End = "<!-- /states -->";

    [Fact]
    public void Readme_StateDiagram_IsWhatTheStateMachineDoes()
    {
        var path = ReadmePath();
        var readme = File.ReadAllText(path);
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal), readme.IndexOf(End, StringComparison.Ordinal));
        Assert.True(begin >= 0 && end > begin, $"README.md has no block between '{Begin}' and '{End}'.");
        var expected = $"{Begin}\n```mermaid\n{Draw()}```\n";
        if (Environment.GetEnvironmentVariable("BLUEGREEN_APPROVE") == "1")
        {
            readme = readme[..begin] + expected + readme[end..];
            File.WriteAllText(path, readme);
            return;
        }

        Assert.Equal(expected, readme[begin..end]);
    }

    private static string Draw()
    {
        var arrows = TransitionCollector.Of(new DeploymentStateMachine())
            .GroupBy(transition => (transition.From, transition.To))
            .Select(arrow => (arrow.Key.From, arrow.Key.To, Messages: arrow.Select(each => each.Message.Replace(".Received", "")).Distinct()));
        var lines = new StringBuilder("stateDiagram-v2\n    [*] --> Initial\n");
        foreach (var (from, to, messages) in arrows) lines.Append($"    {from} --> {to}: {string.Join(" / ", messages)}\n");
        foreach (var end in new[] { "Committed", "RolledBack", "Failed", "Rejected", "Cancelled", "Superseded" }) lines.Append($"    {end} --> [*]\n");
        return lines.ToString();
    }

    private static string ReadmePath([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "README.md"));
}
