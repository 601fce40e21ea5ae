namespace BlueGreen.Router.Drivers.Alb;

/// <summary>The API refused, or did not answer.</summary>
internal sealed class AlbFailureException(string message, Exception? inner = null) : Exception(message, inner);
