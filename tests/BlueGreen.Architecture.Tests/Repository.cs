using System.Runtime.CompilerServices;
using System.Xml.Linq;

namespace BlueGreen.Architecture.Tests;

/// <summary>The sources as they are on disk, so that the rules hold for every project as it is added.</summary>
internal static class Repository
{
    private static readonly string[] Skipped = ["artifacts", "bin", "obj", ".git", ".vs", ".idea", "data"];

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<Project> Projects { get; } = [.. Find(Root, "*.csproj").Select(Project.Load)];

    public static IEnumerable<Project> Services => Projects.Where(project => project.Path.StartsWith("services/", StringComparison.Ordinal));

    /// <summary>Paths below a folder, relative to the root, with slashes.</summary>
    public static IEnumerable<string> Find(string folder, string pattern)
    {
        if (!Directory.Exists(folder)) return [];
        return Directory.EnumerateFiles(folder, pattern)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Concat(Directory.EnumerateDirectories(folder)
                .Where(directory => !Skipped.Contains(Path.GetFileName(directory)))
                .SelectMany(directory => Find(directory, pattern)))
            .Order(StringComparer.Ordinal);
    }

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        for (var folder = Path.GetDirectoryName(here); folder is not null; folder = Path.GetDirectoryName(folder))
            if (File.Exists(Path.Combine(folder, "BlueGreen.Platform.sln"))) return folder;
        throw new InvalidOperationException($"No folder above {here} holds BlueGreen.Platform.sln.");
    }
}

/// <summary>One project file.</summary>
internal sealed record Project(
    string Path,
    string RootNamespace,
    IReadOnlyList<string> ProjectReferences,
    IReadOnlyList<string> PackageReferences,
    IReadOnlyList<string> LinkedSources)
{
    public string Folder { get; } = System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public IEnumerable<string> Sources => Repository.Find(System.IO.Path.Combine(Repository.Root, Folder), "*.cs");

    public static Project Load(string path)
    {
        var xml = XDocument.Load(System.IO.Path.Combine(Repository.Root, path));
        return new Project(
            path,
            xml.Descendants("RootNamespace").FirstOrDefault()?.Value ?? System.IO.Path.GetFileNameWithoutExtension(path),
            [.. Includes(xml, "ProjectReference").Select(reference => FromRoot(reference, path))],
            [.. Includes(xml, "PackageReference")],
            [.. Includes(xml, "Compile").Select(source => FromRoot(source, path))]);
    }

    private static string FromRoot(string reference, string project)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.Combine(Repository.Root, project))!;
        var path = System.IO.Path.GetFullPath(reference.Replace('\\', '/'), folder);
        return System.IO.Path.GetRelativePath(Repository.Root, path).Replace('\\', '/');
    }

    private static IEnumerable<string> Includes(XDocument xml, string element) =>
        xml.Descendants(element).Select(reference => reference.Attribute("Include")?.Value).OfType<string>();
}
