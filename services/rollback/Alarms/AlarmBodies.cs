using BlueGreen.Platform.Webhooks;
using Microsoft.Extensions.Options;

namespace BlueGreen.Rollback.Alarms;

/// <summary>
/// Room for bodies that are being read. Who has shown a token has room of their own: those that only their body makes known, and so anybody,
/// cannot take it away from them.
/// </summary>
internal sealed class AlarmBodies(IOptionsMonitor<RollbackOptions> options)
{
    private readonly BodyBudget _ofKnown = new();
    private readonly BodyBudget _ofAnybody = new();

    /// <summary>Null when there is no room now.</summary>
    public IDisposable? TryTake(HttpRequest request, bool isKnown)
    {
        var limits = options.CurrentValue;
        return (isKnown ? _ofKnown : _ofAnybody).TryTake(request.ContentLength, limits.MaxBodyBytes, limits.MemoryLimitBytes);
    }
}
