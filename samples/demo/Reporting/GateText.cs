using System.Globalization;
using BlueGreen.Cli.Api;

namespace BlueGreen.Demo.Reporting;

internal static class GateText
{
    public static string Line(GateView gate) => $"{gate.Gate,-16} {gate.Verdict,-13} {Value(gate)}";

    public static string Value(GateView gate) => string.Create(CultureInfo.InvariantCulture,
        $"{Number(gate.Value)} of at most {Number(gate.Threshold)} {gate.Unit} ({gate.Samples} samples)");

    private static string Number(double? value) => value?.ToString("G3", CultureInfo.InvariantCulture) ?? "-";
}
