namespace BlueGreen.Router.Switching;

/// <summary>A replica's acknowledgements as they travel in one NOTIFY.</summary>
/// <param name="Replica">Who acknowledges.</param>
/// <param name="Routes">What; null when it did not fit: then the database is asked.</param>
internal sealed record AcknowledgementNews(string Replica, IReadOnlyList<HeardAcknowledgement>? Routes)
{
    private const int MostCharacters = 7000;

    public string Write() => NotificationText.Write(this, this with { Routes = null }, MostCharacters);

    /// <returns>Null for what is not one.</returns>
    public static AcknowledgementNews? Read(string text) => NotificationText.Read<AcknowledgementNews>(text);
}
