using System.Text.Json;

namespace BlueGreen.Router.Switching;

/// <summary>What travels in a NOTIFY: JSON, which as it is written here is ASCII. PostgreSQL takes less than 8,000 bytes.</summary>
internal static class NotificationText
{
    /// <param name="news">All of it.</param>
    /// <param name="shortened">What is said when it does not fit.</param>
    /// <param name="mostCharacters">What fits.</param>
    public static string Write<T>(T news, T shortened, int mostCharacters)
    {
        var text = JsonSerializer.Serialize(news, JsonSerializerOptions.Web);
        return text.Length <= mostCharacters ? text : JsonSerializer.Serialize(shortened, JsonSerializerOptions.Web);
    }

    /// <returns>Null for what is not one: another version's, perhaps.</returns>
    public static T? Read<T>(string text) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
