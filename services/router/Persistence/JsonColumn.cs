using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlueGreen.Router.Persistence;

/// <summary>Stores a record as JSON text.</summary>
internal static class JsonColumn
{
    public static ValueConverter<T?, string?> Of<T>() where T : class => new(
        value => value == null ? null : Write(value),
        text => text == null ? null : JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web));

    /// <summary>The same for what is never null.</summary>
    public static ValueConverter<T, string> Required<T>() where T : class => new(
        value => Write(value),
        text => JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!);

    private static string Write<T>(T value) => JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
}
