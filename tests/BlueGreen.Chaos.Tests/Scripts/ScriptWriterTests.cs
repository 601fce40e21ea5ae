using BlueGreen.Chaos.Scripts;

namespace BlueGreen.Chaos.Tests.Scripts;

public sealed class ScriptWriterTests
{
    [Fact]
    public void Script_SameSeed_IsTheSame() => Assert.Equal(ScriptWriter.Write(7).ToString(), ScriptWriter.Write(7).ToString());

    [Fact]
    public void Script_OtherSeed_IsAnother() => Assert.NotEqual(ScriptWriter.Write(7).ToString(), ScriptWriter.Write(8).ToString());

    [Fact]
    public void Scripts_SixtySeeds_AimEveryFaultAtEveryState()
    {
        var aimed = Enumerable.Range(1, 60).SelectMany(seed => ScriptWriter.Write(seed).Stories).Select(story => (story.Fault!.Label, story.Fault.State)).ToHashSet();
        Assert.All(
            from label in FaultCatalogue.Labels from state in FaultCatalogue.States select (label, state), cell => Assert.Contains(cell, aimed));
    }
}
