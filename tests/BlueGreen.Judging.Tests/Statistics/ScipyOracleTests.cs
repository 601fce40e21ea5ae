using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Statistics;

namespace BlueGreen.Judging.Tests.Statistics;

/// <summary>Every statistic against scipy 1.10, run on the same numbers.</summary>
public sealed class ScipyOracleTests
{
    private const double Relative = 1e-9;

    [Fact]
    public async Task Statistics_AgreeWithScipy()
    {
        var ct = TestContext.Current.CancellationToken;
        var python = await Scipy.RequireAsync(ct);
        var pairs = SamplePairs.All().ToList();
        var lines = await AskAsync(python, pairs, ct);
        Assert.True(pairs.Count >= 200);
        Assert.Equal(pairs.Count, lines.Length);
        var wrong = pairs.Zip(lines).SelectMany(pair => Differences(pair.First.Name, pair.First.X, pair.First.Y, Parse(pair.Second))).ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static IEnumerable<string> Differences(string name, double[] first, double[] second, Dictionary<string, double> scipy) =>
        from figure in Ours(SortedSample.Of(first), SortedSample.Of(second))
        let theirs = scipy.GetValueOrDefault(figure.Key, figure.Value)
        where !Agree(figure.Key, figure.Value, theirs)
        select $"{name}: {figure.Key} is {figure.Value:R}, scipy says {theirs:R}";

    private static Dictionary<string, double> Ours(SortedSample x, SortedSample y)
    {
        var bins = Bins.By(BinRule.Quantile, 10, x, y);
        double[] b = [.. bins.CountsOf(x)], c = [.. bins.CountsOf(y)];
        var ks = KolmogorovSmirnov.Compare(x, y);
        var chi2 = Divergence.ChiSquare(b, c);
        var mannWhitney = MannWhitney.Compare(x, y);
        return new()
        {
            ["ks"] = ks.D,
            ["ksP"] = ks.PValue(),
            ["ksAsymptoticP"] = ks.AsymptoticPValue(),
            ["psi"] = Divergence.Psi(b, c, 1e-4),
            ["kl"] = Divergence.KullbackLeibler(b, c, 1e-4),
            ["klBits"] = Divergence.KullbackLeibler(b, c, 1e-4, 2),
            ["js"] = Divergence.JensenShannon(b, c),
            ["jsBits"] = Divergence.JensenShannon(b, c, 2),
            ["wasserstein"] = Wasserstein.Distance(x, y),
            ["chi2"] = chi2.Statistic,
            ["chi2P"] = chi2.PValue(),
            ["mannWhitney"] = mannWhitney.U,
            ["mannWhitneyP"] = mannWhitney.PValue(),
        };
    }

    /// <summary>
    /// Relative, but for where scipy itself has no relative precision: divergences of alike distributions are its difference of sums of 1,
    /// and of what is smaller than 1e-290 bits are missing.
    /// </summary>
    private static bool Agree(string figure, double ours, double theirs) =>
        Math.Abs(ours - theirs) <= (Relative * Math.Abs(theirs)) + (figure switch
        {
            "psi" or "kl" or "klBits" or "chi2" => 1e-15,
            "js" or "jsBits" => theirs < 1e-6 ? 1e-7 : 0,
            "wasserstein" => 0,
            _ => 1e-290,
        });

    private static async Task<string[]> AskAsync(string python, IEnumerable<(string Name, double[] X, double[] Y)> pairs, CancellationToken ct)
    {
        var path = Path.GetTempFileName();
        try
        {
            await using (var file = new BinaryWriter(File.Create(path)))
            {
                foreach (var (_, x, y) in pairs)
                {
                    file.Write(x.Length);
                    file.Write(y.Length);
                    foreach (var value in x.Concat(y)) file.Write(value);
                }
            }

            var script = Path.Combine(AppContext.BaseDirectory, "Statistics", "scipy_oracle.py");
            var (code, output, error) = await Scipy.RunAsync(python, [script, path], ct);
            Assert.True(code == 0, error);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Dictionary<string, double> Parse(string line) => JsonSerializer.Deserialize<Dictionary<string, double>>(line)!;
}
