using System.Security.Cryptography;
using System.Text;
using BlueGreen.Router.Switching;

namespace BlueGreen.Router.Drivers;

/// <summary>
/// Lets one replica write to a load balancer, so that it is not written to, and reloaded, by all of them at once: who makes the switch, or else
/// whose turn it is by an order that differs from endpoint to endpoint. The others wait, look, and write when it has not been done: whoever dies in
/// between is made up for, without a lock that would have to be waited for, and without the database.
/// </summary>
internal sealed class DriverTurns(ReplicaSight sight, ReplicaStanding standing)
{
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    /// <summary>A way back does not wait long for anybody.</summary>
    private static readonly TimeSpan WayBackTurn = TimeSpan.FromMilliseconds(100);

    /// <summary>How long this replica leaves a change to the others, from when it has seen that it is to be made.</summary>
    /// <param name="endpoint">Whose load balancer.</param>
    /// <param name="isWayBack">What is live there is vetoed.</param>
    public TimeSpan WaitOf(string endpoint, bool isWayBack)
    {
        var others = sight.Alive.Where(name => name != standing.Name).ToArray();
        if (others.Length == 0) return TimeSpan.Zero;
        var own = PlaceOf(endpoint, standing.Name);
        var before = others.Count(name => string.CompareOrdinal(PlaceOf(endpoint, name), own) < 0);
        // The first turn of all belongs to the replica that makes the switch; it knows that it is its own.
        return isWayBack ? before * WayBackTurn : (before + 1) * Turn;
    }

    private static string PlaceOf(string endpoint, string replica) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{endpoint}\n{replica}")));
}
