using System.Reflection;
using System.Runtime.CompilerServices;

namespace BlueGreen.Platform.Rehearsing;

/// <summary>A message of a given type that is complete and means nothing: texts that say so, empty lists, an id that nobody knows.</summary>
internal static class SampleMessage
{
    public static object Of(Type type)
    {
        var sample = RuntimeHelpers.GetUninitializedObject(type);
        foreach (var property in type.GetProperties().Where(IsRequired)) property.SetValue(sample, ValueOf(property.PropertyType));
        return sample;
    }

    private static bool IsRequired(PropertyInfo property) =>
        property.CanWrite && property.GetCustomAttribute<RequiredMemberAttribute>() is not null && !IsNullable(property);

    private static bool IsNullable(PropertyInfo property) =>
        new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    private static object ValueOf(Type type) => type switch
    {
        _ when type == typeof(string) => "~rehearsal",
        _ when type == typeof(Guid) => Guid.CreateVersion7(),
        _ when type == typeof(Uri) => new Uri("about:blank"),
        { IsValueType: true } => RuntimeHelpers.GetUninitializedObject(type),
        { IsGenericType: true, IsInterface: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
            Array.CreateInstance(type.GetGenericArguments()[0], 0),
        { IsGenericType: true, IsInterface: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) =>
            Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(type.GetGenericArguments()))!,
        _ => Of(type),
    };
}
