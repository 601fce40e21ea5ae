using BlueGreen.Cli.Api;

namespace BlueGreen.Demo.Reporting;

internal static class GateText
{
    public static string Line(GateView gate) => $"{gate.Gate,-16} {gate.Verdict,-13} {gate.Summary}";
}
