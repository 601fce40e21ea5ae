using System.Text;

namespace BlueGreen.Platform.Inference.Answers;

/// <summary>Reads predictions out of <c>text/csv</c>, one row per line, columns flattened: what SageMaker containers answer by custom.</summary>
internal static class CsvPredictions
{
    public static Predictions Read(ReadOnlySpan<byte> body)
    {
        var values = new OutputValues("");
        foreach (var line in Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            foreach (var cell in line.Split(',', StringSplitOptions.TrimEntries))
            {
                if (double.TryParse(cell, System.Globalization.CultureInfo.InvariantCulture, out var number)) values.AddNumber(number);
                else values.AddText(cell.Trim('"'));
            }
        }

        return new([values.ToOutput()]);
    }
}
