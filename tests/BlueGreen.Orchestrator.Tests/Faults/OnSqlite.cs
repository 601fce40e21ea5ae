using BlueGreen.Orchestrator.Tests.Deployments.Fixture;

namespace BlueGreen.Orchestrator.Tests.Faults;

/// <summary>On SQLite and the embedded bus.</summary>
public sealed class ReplayOnSqliteTests : ReplayTests
{
    private protected override Task<SagaHost> StartAsync() => SagaHost.StartAsync();
}

/// <inheritdoc cref="ReplayOnSqliteTests"/>
public sealed class FaultListOnSqliteTests : FaultListTests
{
    private protected override Task<SagaHost> StartAsync() => SagaHost.StartAsync();
}
