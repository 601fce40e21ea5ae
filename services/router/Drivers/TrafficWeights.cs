namespace BlueGreen.Router.Drivers;

/// <summary>How requests are shared out between two environments, in whole percents, which is what load balancers take.</summary>
/// <param name="Live">In [1, 100].</param>
/// <param name="Standby">The rest.</param>
internal readonly record struct TrafficWeights(int Live, int Standby)
{
    private const int Whole = 100;

    /// <summary>A share that is neither nothing nor all stays so, however it is rounded.</summary>
    public static TrafficWeights Of(DriverRoute route)
    {
        if (route.Standby is null || route.Share >= 1) return new TrafficWeights(Whole, 0);
        var live = Math.Clamp((int)Math.Round(route.Share * Whole, MidpointRounding.AwayFromZero), 1, Whole - 1);
        return new TrafficWeights(live, Whole - live);
    }

    /// <summary>A share of copies, as whole percents from 1 to 100.</summary>
    public static int Percent(double share) => Math.Clamp((int)Math.Round(share * Whole, MidpointRounding.AwayFromZero), 1, Whole);
}
