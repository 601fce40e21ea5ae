namespace BlueGreen.Architecture.Tests;

public sealed class ReferenceTests
{
    private const string Contracts = "contracts/BlueGreen.Contracts.csproj";
    private const string Platform = "platform/BlueGreen.Platform.csproj";
    private const string Judging = "judging/BlueGreen.Judging.csproj";

    [Fact]
    public void Services_ReferenceContractsPlatformAndJudgingAlone() => Rule.HoldsEverywhere(
        "A service knows the messages, what all services share and the statistics, and no other service:",
        from service in Repository.Services
        from reference in service.ProjectReferences
        where reference is not (Contracts or Platform or Judging)
        select $"{service.Path} references {reference}");

    [Fact]
    public void Contracts_ReferenceNothing()
    {
        var contracts = Repository.Projects.Single(project => project.Path == Contracts);

        Assert.Empty(contracts.ProjectReferences);
        Assert.Empty(contracts.PackageReferences);
    }

    [Fact]
    public void Platform_ReferencesContractsAlone() =>
        Assert.Equal([Contracts], Repository.Projects.Single(project => project.Path == Platform).ProjectReferences);

    [Fact]
    public void Judging_ReferencesContractsAlone() =>
        Assert.Equal([Contracts], Repository.Projects.Single(project => project.Path == Judging).ProjectReferences);

    [Fact]
    public void Products_DoNotReferenceTestsOrBenchmarks() => Rule.HoldsEverywhere(
        "What is shipped does not depend on what tests or measures it:",
        from project in Repository.Projects
        where !IsForTrial(project.Path)
        from reference in project.ProjectReferences
        where IsForTrial(reference)
        select $"{project.Path} references {reference}");

    private static bool IsForTrial(string path) =>
        path.StartsWith("tests/", StringComparison.Ordinal) || path.StartsWith("bench/", StringComparison.Ordinal);

    [Fact]
    public void Solution_HasEveryProject()
    {
        var solution = string.Join('\n', Repository.Lines("BlueGreen.Platform.sln")).Replace('\\', '/');

        Rule.HoldsEverywhere(
            "A project outside the solution is neither built nor tested:",
            Repository.Projects.Select(project => project.Path).Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Scan_SeesTheRepository()
    {
        Assert.NotEmpty(Repository.Services);
        Assert.All(Repository.Services, service => Assert.NotEmpty(service.Sources));
        Assert.Contains(Repository.Projects, project => project.Path == Contracts);
    }
}
