using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>One line of a watch.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Object">The object after it (before it, where it was deleted); of a bookmark only its resource version counts.</param>
internal sealed record WatchNews(WatchKind Kind, JsonObject Object);
