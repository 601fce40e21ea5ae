using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace BlueGreen.Contracts.Tests;

/// <summary>
/// Builds an instance of a contract with every member filled, from nothing but the members' names and types, so that the sample of a
/// message changes exactly when the message does.
/// </summary>
internal static class Sample
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Every member set.</summary>
    public static object Full(Type type) => Create(type, type.Name, withOptional: true);

    /// <summary>Only the required members set: what a sender wrote who did not know the optional ones.</summary>
    public static object Minimal(Type type) => Create(type, type.Name, withOptional: false);

    private static object Create(Type type, string name, bool withOptional)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return JsonNamingPolicy.CamelCase.ConvertName(name);
        if (type == typeof(Guid)) return new Guid(Digest(name).AsSpan(0, 16));
        if (type == typeof(int)) return 1 + Number(name) % 9;
        if (type == typeof(long)) return 1L + Number(name) % 99;
        if (type == typeof(double)) return (1 + Number(name) % 99) / 8.0;
        if (type == typeof(bool)) return true;
        if (type == typeof(DateTimeOffset)) return Epoch.AddSeconds(Number(name) % 3600);
        if (type == typeof(TimeSpan)) return TimeSpan.FromSeconds(1 + Number(name) % 3600);
        if (type == typeof(Uri)) return new Uri($"https://host.example/{JsonNamingPolicy.CamelCase.ConvertName(name)}/");
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1)!;
        if (type.IsGenericType) return Collection(type, name, withOptional);
        return Record(type, withOptional);
    }

    private static object Record(Type type, bool withOptional)
    {
        var instance = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties())
        {
            if (property.SetMethod is null || (!withOptional && !IsRequired(property))) continue;
            property.SetValue(instance, Create(property.PropertyType, property.Name, withOptional));
        }

        return instance;
    }

    private static object Collection(Type type, string name, bool withOptional)
    {
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(IReadOnlyDictionary<,>)) return new Dictionary<string, string> { ["name"] = "value" };
        if (definition != typeof(IReadOnlyList<>)) throw new NotSupportedException($"{type} of {name}: contracts use IReadOnlyList and IReadOnlyDictionary.");
        var element = type.GetGenericArguments()[0];
        var items = Array.CreateInstance(element, 1);
        items.SetValue(Create(element, name, withOptional), 0);
        return items;
    }

    private static bool IsRequired(PropertyInfo property) =>
        property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute));

    private static int Number(string name) => BinaryPrimitives.ReadInt32LittleEndian(Digest(name)) & int.MaxValue;

    private static byte[] Digest(string name) => SHA256.HashData(Encoding.UTF8.GetBytes(name));
}
