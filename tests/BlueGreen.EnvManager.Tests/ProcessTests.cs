using BlueGreen.Contracts;
using BlueGreen.EnvManager.Drivers.Processes;
using BlueGreen.EnvManager.Environments;
using CsCheck;

namespace BlueGreen.EnvManager.Tests;

public sealed class ProcessTests
{
    [Fact]
    public void StatLine_NameWithBlanksAndParentheses_IsReadAllTheSame()
    {
        var entry = ProcessEntry.Parse("4711 (my (odd) name) S 1 4710 4709 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 11 0 123456 9 9 9");

        Assert.Equal(new ProcessEntry(4711, 'S', 4710, 4709, 123456), entry);
    }

    [Fact]
    public void StatLine_AnythingElse_IsNoProcess() => Gen.String.Sample(text => ProcessEntry.Parse($"x{text}") is null);

    [Fact]
    public void ProcessTable_Myself_IsThere()
    {
        var me = ProcessTable.Find(Environment.ProcessId);

        Assert.NotNull(me);
        Assert.False(me.Value.HasExited);
        Assert.Contains(ProcessTable.All(), process => process.Id == Environment.ProcessId && process.StartedAt == me.Value.StartedAt);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void Signals_ToEverybodyOrInit_AreRefused(int id) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Signals.Send(id, 0));

    [Fact]
    public void Fingerprint_SaysWhatItIsNotWhichItIs() =>
        Gen.Select(Gen.String.Array[1, 5], Gen.Int[1, 9], Gen.Double[0, 10]).Sample((command, replicas, cost) =>
        {
            var template = new EnvironmentTemplate
            {
                Driver = "process",
                Protocol = "open-inference-v2",
                Replicas = replicas,
                Command = command,
                CostPerHour = cost,
            };
            var artifact = new ArtifactReference { Uri = new Uri("file:///a"), Sha256 = new string('a', 64) };
            var fingerprint = EnvironmentFingerprint.Of(template, artifact);
            return fingerprint == EnvironmentFingerprint.Of(
                    template with { Command = [.. command] }, artifact with { Uri = new Uri("https://elsewhere/b") })
                && fingerprint != EnvironmentFingerprint.Of(template with { Replicas = replicas + 1 }, artifact)
                && fingerprint != EnvironmentFingerprint.Of(template with { Command = [.. command, "x"] }, artifact)
                && fingerprint != EnvironmentFingerprint.Of(template, artifact with { Sha256 = new string('b', 64) });
        }, iter: 200);
}
