using BlueGreen.Orchestrator.Policies;
using CsCheck;

namespace BlueGreen.Orchestrator.Tests.Policies;

public sealed class PolicyValuesTests
{
    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("0s", 0)]
    [InlineData("10m", 600_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("2d1ms", 172_800_001)]
    [InlineData("1m5ms", 60_005)]
    public void Duration_Written_IsRead(string text, long milliseconds)
    {
        Assert.True(PolicyValues.TryDuration(text, out var duration));
        Assert.Equal(milliseconds, duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("1s1m")]
    [InlineData("1.5h")]
    [InlineData("1 h")]
    [InlineData("1H")]
    [InlineData("h")]
    [InlineData("99999999999s")]
    [InlineData("١s")]
    public void Duration_Misspelled_IsNotRead(string text) => Assert.False(PolicyValues.TryDuration(text, out _));

    [Theory]
    [InlineData("5%", 0.05)]
    [InlineData("0.1%", 0.001)]
    [InlineData("0.05", 0.05)]
    [InlineData("100%", 1)]
    public void Share_PercentageOrFraction_IsRead(string text, double expected)
    {
        Assert.True(PolicyValues.TryShare(text, out var share));
        Assert.Equal(expected, share);
    }

    [Theory]
    [InlineData("%")]
    [InlineData("5 %")]
    [InlineData("5%%")]
    [InlineData("NaN")]
    [InlineData("1e999")]
    [InlineData("-5%")]
    public void Share_Misspelled_IsNotRead(string text) => Assert.False(PolicyValues.TryShare(text, out _));

    [Fact]
    public void Duration_WrittenThenRead_IsTheSame() =>
        Gen.Long[0, 30L * 24 * 3600 * 1000].Sample(milliseconds =>
        {
            var duration = TimeSpan.FromMilliseconds(milliseconds);
            return PolicyValues.TryDuration(PolicyValues.Write(duration), out var read) && read == duration;
        });

    [Fact]
    public void Share_WrittenThenRead_IsTheSame() =>
        Gen.Int[0, 1_000_000].Sample(millionths =>
            PolicyValues.TryShare(PolicyValues.WriteShare(millionths / 1e6), out var read) && read == millionths / 1e6);

    [Theory]
    [InlineData("durations", "duration")]
    [InlineData("error_rate", "error-rate")]
    [InlineData("ErrorRate", "error-rate")]
    [InlineData("banana", null)]
    public void NearestWord_FindsWhatWasMeant(string word, string? expected) =>
        Assert.Equal(expected, NearestWord.Find(word, ["duration", "error-rate", "interval"]));
}
