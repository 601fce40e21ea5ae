using CsCheck;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>
/// Random sequences of what can happen to deployments of one endpoint, played through the shipped state machine and checked after every step.
/// A sequence that breaks something is shortened until nothing can be left out, and told as a story.
/// </summary>
public sealed class SagaModelTests
{
    private const int Sequences = 12_000;

    private static readonly Gen<Move[]> Moves = Gen.Select(Gen.Int[0, 99], Gen.Int[0, 999], Gen.Int[0, 999])
        .Select(numbers => new Move(numbers.Item1, numbers.Item2, numbers.Item3)).Array[10, 90];

    private static readonly Gen<(Setting Setting, Move[] Moves)> Scripts = Gen.Select(Gen.Int[0, Setting.Count - 1].Select(number => new Setting(number)), Moves);

    [Fact]
    public void AnySequence_EveryInvariantHoldsAfterEveryStep() =>
        Scripts.Sample(
            script =>
            {
                if (Script.Tell(script.Setting, script.Moves) is { } story) throw new Violation(story);
            },
            iter: Sequences, print: script => $"{script.Setting}, {script.Moves.Length} moves before they were shortened");

    /// <summary>A sequence that never comes far proves little: between them they must deliver something in every state.</summary>
    [Fact]
    public void Sequences_BetweenThem_MeetEveryState()
    {
        var met = new HashSet<string>();
        for (uint seed = 0; seed < 1_500; seed++)
        {
            var script = Scripts.Generate(new PCG(seed), null, out _);
            using var world = new World(script.Setting);
            foreach (var move in script.Moves) world.Play(move);
            met.UnionWith(world.Met);
        }

        Assert.Empty(SagaDriver.States.Except(met));
    }

    [Theory]
    [InlineData(Planted.SkipsTheAttemptGuard)]
    [InlineData(Planted.BelievesAnyVerdict)]
    [InlineData(Planted.OverlooksReverts)]
    [InlineData(Planted.HearsCancelledDeadlines)]
    [InlineData(Planted.ApprovesForTheWrongEnvironment)]
    internal void PlantedBug_IsCaughtAndToldInAFewSteps(Planted bug)
    {
        string? story = null;
        for (uint seed = 0; seed < 4_000 && story is null; seed++)
        {
            var script = Scripts.Generate(new PCG(seed), null, out _);
            story = Script.Tell(script.Setting, script.Moves, bug);
        }

        Assert.NotNull(story);
        Assert.InRange(story.Split('\n').Length, 2, 30);
        TestContext.Current.TestOutputHelper?.WriteLine(story);
    }
}
