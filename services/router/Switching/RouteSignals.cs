namespace BlueGreen.Router.Switching;

/// <summary>What polls would find out anyway, only sooner.</summary>
internal sealed class RouteSignals
{
    /// <summary>A route changed in the database.</summary>
    public Pulse Changed { get; } = new();

    /// <summary>A replica acknowledged, here or elsewhere.</summary>
    public Pulse Acknowledged { get; } = new();
}
