using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Bench.Statistics;

/// <summary>
/// KS (with p-value), PSI and Wasserstein of the same two samples, by this engine and by scipy in turn, so that a busy machine is unfair
/// to neither; the median of the rounds counts. Both begin with unsorted numbers in memory.
/// </summary>
internal static class SideBySide
{
    private const int Rounds = 7;
    private const double Agreement = 1e-9;

    public static async Task<int> RunAsync(string python, int points, TextWriter output, TextWriter log)
    {
        double[] x = Normal(1, points, 0), y = Normal(2, points, 0.003);
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, [.. MemoryMarshal.AsBytes<double>(x), .. MemoryMarshal.AsBytes<double>(y)]);
            using var scipy = Start(python, path);
            var (ours, theirs, agree) = await CompareAsync(scipy, x, y, log);
            scipy.StandardInput.Close();
            await scipy.WaitForExitAsync();
            var line = string.Create(CultureInfo.InvariantCulture,
                $$"""{"ours_ms":{{ours:0.0}},"scipy_ms":{{theirs:0.0}},"ratio":{{ours / theirs:0.000}},"points":{{points}},"agree":{{(agree ? "true" : "false")}}}""");
            await output.WriteLineAsync(line);
            return agree && ours <= theirs ? 0 : 1;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static async Task<(double Ours, double Theirs, bool Agree)> CompareAsync(Process scipy, double[] x, double[] y, TextWriter log)
    {
        var (ours, theirs, agree) = (new List<double>(), new List<double>(), true);
        // The first round opens files, compiles and fills caches on both sides.
        for (var round = 0; round <= Rounds; round++)
        {
            var (milliseconds, mine) = Judge(x, y);
            await scipy.StandardInput.WriteLineAsync();
            var line = await scipy.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("scipy's side ended early");
            var reply = line.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
            agree &= mine.Zip(reply.Skip(1)).All(pair => Math.Abs(pair.First - pair.Second) <= Agreement * Math.Abs(pair.Second));
            await log.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"round {round}: ours {milliseconds:0.0} ms, scipy {reply[0]:0.0} ms; D {mine[0]:0.000000}, p {mine[1]:0.0000}, PSI {mine[2]:0.00000000}, W {mine[3]:0.000000}"));
            if (round == 0) continue;
            ours.Add(milliseconds);
            theirs.Add(reply[0]);
        }

        return (Median(ours), Median(theirs), agree);
    }

    private static (double Milliseconds, double[] Figures) Judge(double[] x, double[] y)
    {
        var start = Stopwatch.GetTimestamp();
        SortedSample baseline = SortedSample.Of(x), candidate = SortedSample.Of(y);
        var ks = KolmogorovSmirnov.Compare(baseline, candidate);
        var bins = Bins.By(BinRule.Quantile, 10, baseline, candidate);
        double[] p = [.. bins.CountsOf(baseline)], q = [.. bins.CountsOf(candidate)];
        double[] figures = [ks.D, ks.PValue(), Divergence.Psi(p, q, 1e-4), Wasserstein.Distance(baseline, candidate)];
        return (Stopwatch.GetElapsedTime(start).TotalMilliseconds, figures);
    }

    private static Process Start(string python, string path) => Process.Start(
        new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "scipy_side.py"), path])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double[] Normal(int seed, int count, double shift)
    {
        var random = new Random(seed);
        var values = new double[count];
        for (var i = 0; i < count; i++)
            values[i] = shift + (Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
