using System.Text.RegularExpressions;

namespace BlueGreen.Architecture.Tests;

public sealed partial class TypeTests
{
    /// <summary>Answers of the router's control surface: the one place where the rule is broken, and no other may join it.</summary>
    private static readonly string[] PublicYet =
        ["RevertRequest", "RevertResponse", "RouteTarget", "WindowResponse", "LatencyResponse", "CopyResponse"];

    [Fact]
    public void Services_ShowTheirServiceAndTheirOptionsAlone() => Rule.HoldsEverywhere(
        "In a service only the *Service that a host composes and the *Options that an operator sets are public:",
        from type in TopLevelTypes(Repository.Services)
        where type.IsPublic && !type.Name.EndsWith("Service", StringComparison.Ordinal) && !type.Name.EndsWith("Options", StringComparison.Ordinal)
        where !(type.Source.StartsWith("services/router/", StringComparison.Ordinal) && PublicYet.Contains(type.Name))
        select $"{type.Source}: {type.Declaration}");

    [Fact]
    public void Contracts_AreSealedRecords() => Rule.HoldsEverywhere(
        "A message is a sealed record (beside the enums and the interfaces that messages share):",
        from type in TopLevelTypes(Repository.Projects.Where(project => project.Folder == "contracts"))
        where type.Declaration is not ['p', 'u', 'b', 'l', 'i', 'c', ..]
            || !(type.Declaration.StartsWith("public sealed record ", StringComparison.Ordinal) || type.Kind is "enum" or "interface")
        select $"{type.Source}: {type.Declaration}");

    [Fact]
    public void Options_SayWhichSectionTheyAre() => Rule.HoldsEverywhere(
        "An options class names its configuration section, `public const string Section = \"BlueGreen…\"`:",
        from type in TopLevelTypes(Repository.Services.Concat(Repository.Projects.Where(project => project.Folder is "platform" or "standalone")))
        where type.Kind == "class" && type.IsPublic && type.Name.EndsWith("Options", StringComparison.Ordinal)
        where !SectionConstant().IsMatch(string.Join('\n', Repository.Lines(type.Source)))
        select $"{type.Source}: {type.Name}");

    [Fact]
    public void PublicClasses_AreSealedOrMeantToBeDerivedFrom() => Rule.HoldsEverywhere(
        "A public class is sealed, static or abstract (the compiler sees to the internal ones):",
        from type in TopLevelTypes(Repository.Projects)
        where type.IsPublic && type.Kind is ("class" or "record") && !OpenOrClosed().IsMatch(type.Declaration)
        where !type.Declaration.Contains("record struct", StringComparison.Ordinal)
        select $"{type.Source}: {type.Declaration}");

    /// <summary>File-scoped namespaces put top-level types at the start of the line.</summary>
    private static IEnumerable<DeclaredType> TopLevelTypes(IEnumerable<Project> projects) =>
        from source in projects.SelectMany(project => project.Sources).Distinct()
        from line in Repository.Lines(source)
        let match = TypeDeclaration().Match(line)
        where match.Success
        select new DeclaredType(source, line.TrimEnd(), match.Groups["kind"].Value, match.Groups["name"].Value);

    private sealed record DeclaredType(string Source, string Declaration, string Kind, string Name)
    {
        public bool IsPublic => Declaration.StartsWith("public ", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe) )+(?<kind>class|record|struct|interface|enum)(?: class| struct)? (?<name>\w+)")]
    private static partial Regex TypeDeclaration();

    [GeneratedRegex(@"public const string Section =\s*""BlueGreen")]
    private static partial Regex SectionConstant();

    [GeneratedRegex(@"\b(sealed|static|abstract)\b")]
    private static partial Regex OpenOrClosed();
}
