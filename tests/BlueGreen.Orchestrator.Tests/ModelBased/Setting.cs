using BlueGreen.Orchestrator.Policies;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>What the endpoint's owner and its past have decided before a sequence begins.</summary>
internal readonly record struct Setting(int Number)
{
    private static readonly string[] WhenBusy = ["queue", "supersede", "refuse"];

    private static readonly int[] Approvals = [0, 0, 1, 2];

    /// <summary>How many there are.</summary>
    public const int Count = 288;

    public bool HasBlue => Number % 3 != 0;

    public EndpointPolicy Policy() => Deployments.Fixture.Policies.Quick with
    {
        Deadline = TimeSpan.FromMinutes(Number / 3 % 2 == 0 ? 6000 : 45),
        Promotion = Deployments.Fixture.Policies.Quick.Promotion with
        {
            WhenBusy = WhenBusy[Number / 6 % 3],
            Approvals = Approvals[Number / 18 % 4],
            FourEyes = Approvals[Number / 18 % 4] > 0 && Number / 72 % 2 == 0,
        },
        Bake = Deployments.Fixture.Policies.Quick.Bake with { OnInconclusive = Number / 144 % 2 == 0 ? "hold" : "rollback" },
    };
}
