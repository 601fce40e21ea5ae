using System.Text.Json;

namespace BlueGreen.Router.Switching;

/// <summary>A replica's acknowledgements as they travel in one NOTIFY.</summary>
/// <param name="Replica">Who acknowledges.</param>
/// <param name="Routes">What; null when it did not fit: then the database is asked.</param>
internal sealed record AcknowledgementNews(string Replica, IReadOnlyList<HeardAcknowledgement>? Routes)
{
    /// <summary>PostgreSQL takes less than 8,000 bytes.</summary>
    private const int MostCharacters = 7000;

    public string Write()
    {
        var text = JsonSerializer.Serialize(this, JsonSerializerOptions.Web);
        return text.Length <= MostCharacters ? text : JsonSerializer.Serialize(this with { Routes = null }, JsonSerializerOptions.Web);
    }

    /// <returns>Null for what is not one: another version's, perhaps.</returns>
    public static AcknowledgementNews? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<AcknowledgementNews>(text, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
