using System.Reflection;
using System.Runtime.CompilerServices;

namespace BlueGreen.Platform.Rehearsing;

/// <summary>A record of a given type that is complete and means nothing: texts that say so, lists of one, ids that nobody knows.</summary>
public static class SampleMessage
{
    /// <summary>Every text of a sample; no name that a person can give has such a beginning.</summary>
    public const string Text = "~rehearsal";

    /// <summary>A sample of <typeparamref name="T"/>: its required members are set, the others are as after <c>default</c>.</summary>
    public static T Of<T>() where T : class => (T)Of(typeof(T));

    internal static object Of(Type type)
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
        _ when type == typeof(string) => Text,
        _ when type == typeof(Guid) => Guid.CreateVersion7(),
        _ when type == typeof(Uri) => new Uri("about:blank"),
        { IsValueType: true } => RuntimeHelpers.GetUninitializedObject(type),
        { IsGenericType: true, IsInterface: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) =>
            ListOfOne(type.GetGenericArguments()[0]),
        { IsGenericType: true, IsInterface: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) =>
            Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(type.GetGenericArguments()))!,
        _ => Of(type),
    };

    private static Array ListOfOne(Type type)
    {
        var list = Array.CreateInstance(type, 1);
        list.SetValue(ValueOf(type), 0);
        return list;
    }
}
