using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <param name="Object">The object after the patch; null: it was changed by someone since it was read (409), and nothing was patched.</param>
internal sealed record PatchOutcome(JsonObject? Object)
{
    public static PatchOutcome Conflict { get; } = new((JsonObject?)null);
}
