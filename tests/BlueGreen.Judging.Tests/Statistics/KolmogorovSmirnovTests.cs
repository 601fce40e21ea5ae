using System.Text.Json;
using BlueGreen.Judging.Statistics;
using CsCheck;

namespace BlueGreen.Judging.Tests.Statistics;

public sealed class KolmogorovSmirnovTests
{
    private static readonly Gen<double[]> Sample = Gen.Double[-50, 50].Select(value => Math.Round(value, 1)).Array[1, 60];

    public static TheoryData<string> ScipyCases() => [.. Cases().Select(test => test.GetRawText())];

    [Theory]
    [MemberData(nameof(ScipyCases))]
    public void Compare_ScipyCase_GivesScipysNumbers(string text)
    {
        var test = JsonElement.Parse(text);
        var distance = Compare(Numbers(test, "x"), Numbers(test, "y"));
        Assert.Equal(test.GetProperty("statistic").GetDouble(), distance.D, 12);
        var expected = test.GetProperty("pvalue").GetDouble();
        var value = test.GetProperty("method").GetString() == "exact" ? distance.ExactPValue() : distance.PValue();
        // scipy computes 1 − (share of paths inside): what is below 1e-13 there is rounding.
        Assert.Equal(expected, value, Math.Max(1e-13, 1e-9 * expected));
    }

    /// <summary>P(D > 0.1) of equal samples from one distribution, by path counting in exact arithmetic.</summary>
    [Theory]
    [InlineData(30, 0.9578462903438839)]
    [InlineData(50, 0.8692618870414057)]
    [InlineData(100, 0.5830090612540062)]
    [InlineData(400, 0.02985302150862578)]
    [InlineData(1000, 7.335921717149845e-05)]
    public void PValue_JustAboveATenth_IsTheExactProbability(int size, double expected)
    {
        var shift = (size / 10) + 1;
        var distance = Compare(
            [.. Enumerable.Range(0, size).Select(i => (double)i)], [.. Enumerable.Range(0, size).Select(i => i + shift - 0.5)]);
        Assert.Equal((double)shift / size, distance.D, 12);
        Assert.Equal(1, distance.PValue() / expected, 9);
    }

    /// <summary>D = 0.5025 of 10,000 and 110 values, by path counting with 60 decimal digits.</summary>
    [Fact]
    public void PValue_FarInTheTail_KeepsItsPrecision()
    {
        var distance = Compare(
            [.. Enumerable.Range(0, 10_000).Select(i => (double)i)], [.. Enumerable.Range(0, 110).Select(i => 5025 + (i * 0.001) - 0.5)]);
        Assert.Equal(0.5025, distance.D, 12);
        Assert.Equal(1, distance.PValue() / 6.2634656622608520e-26, 9);
    }

    [Fact]
    public void Compare_TheSameSample_IsZeroWithPValueOne() => Sample.Sample(sample =>
    {
        var distance = Compare(sample, sample);
        Assert.Equal(0, distance.D);
        Assert.Equal(1, distance.PValue());
    });

    [Fact]
    public void Compare_Swapped_IsTheSame() => Gen.Select(Sample, Sample).Sample((one, other) =>
    {
        var (there, back) = (Compare(one, other), Compare(other, one));
        Assert.Equal(there.D, back.D, 15);
        Assert.Equal(there.PValue(), back.PValue(), 10);
        Assert.InRange(there.D, 0, 1);
        Assert.InRange(there.PValue(), 0, 1);
    });

    [Fact]
    public void Compare_AfterAStrictlyMonotoneTransform_IsTheSame() => Gen.Select(Sample, Sample).Sample((one, other) =>
    {
        foreach (var transform in new Func<double, double>[] { Math.Exp, value => (3 * value) - 7, value => Math.Pow(value, 3), value => -value })
        {
            Assert.Equal(
                Compare(one, other).D,
                Compare([.. one.Select(transform)], [.. other.Select(transform)]).D);
        }
    });

    [Fact]
    public void Compare_AgainstTheDefinition_IsTheLargestDifferenceOfTheStepFunctions() =>
        Gen.Select(Sample, Sample).Sample((one, other) =>
        {
            var largest = one.Concat(other).Max(at => Math.Abs(
                ((double)one.Count(value => value <= at) / one.Length) - ((double)other.Count(value => value <= at) / other.Length)));
            Assert.Equal(largest, Compare(one, other).D, 12);
        });

    /// <summary>Critical values of Kolmogorov's distribution as every table prints them.</summary>
    [Theory]
    [InlineData(0.10, 1.2238)]
    [InlineData(0.05, 1.3581)]
    [InlineData(0.01, 1.6276)]
    public void Kolmogorov_UpperQuantile_IsTheTabledValue(double tail, double expected)
    {
        Assert.Equal(expected, Kolmogorov.UpperQuantile(tail), 4);
        Assert.Equal(tail, Kolmogorov.UpperTail(Kolmogorov.UpperQuantile(tail)), 9);
    }

    [Fact]
    public void Kolmogorov_BothSeries_MeetWhereOneTakesOver() =>
        Assert.Equal(Kolmogorov.UpperTail(1 - 1e-12), Kolmogorov.UpperTail(1), 9);

    private static KolmogorovSmirnov Compare(double[] one, double[] other) =>
        KolmogorovSmirnov.Compare(SortedSample.Of(one), SortedSample.Of(other));

    private static JsonElement[] Cases()
    {
        using var stream = typeof(KolmogorovSmirnovTests).Assembly.GetManifestResourceStream("scipy-ks_2samp.json")!;
        using var document = JsonDocument.Parse(stream);
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(test => test.Clone())];
    }

    private static double[] Numbers(JsonElement test, string name)
    {
        var numbers = test.GetProperty(name);
        if (numbers.ValueKind == JsonValueKind.Array) return [.. numbers.EnumerateArray().Select(number => number.GetDouble())];
        var space = numbers.GetProperty("linspace");
        var (start, stop, count) = (space[0].GetDouble(), space[1].GetDouble(), space[2].GetInt32());
        var less = numbers.TryGetProperty("minus", out var minus) ? minus.GetDouble() : 0;
        return [.. Enumerable.Range(0, count).Select(i => start + (i * ((stop - start) / (count - 1))) - less)];
    }
}
