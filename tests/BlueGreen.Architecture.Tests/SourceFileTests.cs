using System.Text.RegularExpressions;

namespace BlueGreen.Architecture.Tests;

public sealed partial class SourceFileTests
{
    private const int MostLines = 250;
    private const int MostLinesOfProgram = 25;

    private static readonly string[] VagueNames = ["Utils", "Utility", "Utilities", "Helper", "Helpers", "Manager", "Extensions", "Misc", "Common"];

    private static IEnumerable<string> Sources => Repository.Projects.SelectMany(project => project.Sources).Distinct();

    [Fact]
    public void Files_Have250LinesAtMost() => Rule.HoldsEverywhere(
        $"A file of more than {MostLines} lines wants to be two (migrations, which only grow, are let be):",
        from source in Sources
        where !source.Contains("/Migrations/", StringComparison.Ordinal)
        let lines = Repository.Lines(source).Length
        where lines > MostLines
        select $"{source}: {lines} lines");

    [Fact]
    public void Programs_Have25LinesAtMost() => Rule.HoldsEverywhere(
        $"Program.cs of a service says which service it is, in {MostLinesOfProgram} lines at most:",
        from source in Repository.Services.SelectMany(service => service.Sources)
        where Path.GetFileName(source) == "Program.cs"
        let lines = Repository.Lines(source).Length
        where lines > MostLinesOfProgram
        select $"{source}: {lines} lines");

    [Fact]
    public void Files_HaveNoVagueNames() => Rule.HoldsEverywhere(
        "A file is named after what it does; these names say nothing:",
        from source in Sources
        let name = Path.GetFileNameWithoutExtension(source)
        where VagueNames.Any(vague => name.EndsWith(vague, StringComparison.Ordinal))
        select source);

    [Fact]
    public void Namespaces_AreTheFolders() => Rule.HoldsEverywhere(
        "A namespace is the project's root namespace and the folders below it (a file that two projects share has its own):",
        from linked in new[] { Repository.Projects.SelectMany(project => project.LinkedSources).ToHashSet() }
        from project in Repository.Projects
        from source in project.Sources
        let declared = Declared(source)
        let folders = Path.GetDirectoryName(Path.GetRelativePath(project.Folder, source))!
        let expected = folders.Length == 0 ? project.RootNamespace : $"{project.RootNamespace}.{folders.Replace('/', '.')}"
        where declared is not null && declared != expected && !linked.Contains(source)
        select $"{source}: {declared} should be {expected}");

    [Fact]
    public void Files_HaveUnixLineEnds() => Rule.HoldsEverywhere(
        "Lines end in LF:",
        Sources.Where(source => File.ReadAllText(Path.Combine(Repository.Root, source)).Contains('\r', StringComparison.Ordinal)));

    private static string? Declared(string source) =>
        Repository.Lines(source).Select(line => Namespace().Match(line)).FirstOrDefault(match => match.Success)?.Groups[1].Value;

    [GeneratedRegex(@"^namespace ([\w.]+)\s*;?")]
    private static partial Regex Namespace();
}
