using System.Reflection;

namespace BlueGreen.Contracts.Tests;

/// <summary>The messages among the contracts: the records that are not parts of another one.</summary>
internal static class MessageTypes
{
    private static readonly Type[] Contracts = [.. typeof(IDeploymentMessage).Assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false })];

    public static IReadOnlyList<Type> All { get; } = Find();

    public static Type Named(string name) => All.Single(type => type.Name == name);

    private static Type[] Find()
    {
        var parts = Contracts.SelectMany(type => type.GetProperties()).SelectMany(MentionedTypes).ToHashSet();
        return [.. Contracts.Where(type => !parts.Contains(type)).OrderBy(type => type.Name, StringComparer.Ordinal)];
    }

    private static IEnumerable<Type> MentionedTypes(PropertyInfo property) => property.PropertyType.GetGenericArguments().Append(property.PropertyType);
}
