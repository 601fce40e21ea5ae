using BlueGreen.Router.Routing;

namespace BlueGreen.Router.Switching;

/// <summary>A changed route as it travels in one NOTIFY.</summary>
/// <param name="Endpoint">Whose route.</param>
/// <param name="State">What it is now; null when it did not fit: then it is read.</param>
internal sealed record RouteNews(string Endpoint, RouteState? State)
{
    private const int MostCharacters = 7900;

    public string Write() => NotificationText.Write(this, this with { State = null }, MostCharacters);

    /// <returns>Null for what is not one.</returns>
    public static RouteNews? Read(string text) => NotificationText.Read<RouteNews>(text);
}
