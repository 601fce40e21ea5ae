using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Rules;
using BlueGreen.Rollback.Tests.Fixture;

namespace BlueGreen.Rollback.Tests;

/// <summary>What is remembered of firings and of their ends.</summary>
public sealed class FiringAlarmsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 3, 12, 0, 0, TimeSpan.Zero);
    private static readonly IReadOnlyList<RuleMatch> Matches = [new("fraud", [new KeyedRule("rule", RollbackHost.Rule("any"))])];

    [Fact]
    public void End_OfAnEarlierFiring_LeavesTheOneThatIsOn()
    {
        var firing = new FiringAlarms();
        Hear(firing, Fires("b", Noon.AddMinutes(10)), Noon.AddMinutes(10));

        var (late, _) = Hear(firing, Ends("a", Noon.AddMinutes(5)), Noon.AddMinutes(11));

        Assert.Equal("it is the end of an earlier firing", late.Note);
        Assert.Equal(TimeSpan.FromMinutes(2), firing.FiredFor(late, TimeSpan.Zero, Noon.AddMinutes(12)));
        Assert.Equal(FiringAlarms.Ended, Hear(firing, Fires("a", Noon), Noon.AddMinutes(12)).Alarm.Note);
        Assert.True(Hear(firing, Fires("b", Noon.AddMinutes(10)), Noon.AddMinutes(12)).Alarm.Firing);
    }

    [Fact]
    public void End_ToldUnderAnotherSeries_EndsTheFiringOfItsIdentity()
    {
        var firing = new FiringAlarms();
        Hear(firing, Fires("a", Noon), Noon);

        var (end, _) = Hear(firing, Ends("a", Noon.AddMinutes(5)) with { Series = "another" }, Noon.AddMinutes(5));

        Assert.Equal("series", end.Series);
        Assert.Equal(TimeSpan.Zero, firing.FiredFor(end, TimeSpan.Zero, Noon.AddMinutes(6)));
    }

    [Fact]
    public void End_FarInTheFuture_DoesNotSilenceTheAlarmUntilThen()
    {
        var firing = new FiringAlarms();
        Hear(firing, Ends("a", Noon.AddYears(1)), Noon);
        Assert.True(Hear(firing, Fires("b", Noon.AddMinutes(1)), Noon.AddMinutes(1)).Alarm.Firing);
    }

    [Fact]
    public void Firing_ThatSaysNeitherWhoseNorWhenItIs_FiresAfterAnyEnd()
    {
        var firing = new FiringAlarms();
        var anonymous = Fires("", Noon) with { Identity = null, StartsAt = null };
        Hear(firing, Ends("a", Noon), Noon);
        Assert.True(Hear(firing, anonymous, Noon.AddMinutes(1)).Alarm.Firing);
        Hear(firing, anonymous with { Firing = false }, Noon.AddMinutes(2));
        Assert.True(Hear(firing, anonymous, Noon.AddMinutes(3)).Alarm.Firing);
    }

    [Fact]
    public void Ends_OfMoreAlarmsThanAreRemembered_ForgetTheOldest()
    {
        var firing = new FiringAlarms();
        for (var alarm = 0; alarm < 20_000; alarm++)
            Hear(firing, Ends($"{alarm}", Noon) with { Series = $"{alarm}" }, Noon.AddSeconds(alarm));
        Assert.True(Hear(firing, Fires("0", Noon) with { Series = "0" }, Noon.AddDays(1)).Alarm.Firing);
        Assert.False(Hear(firing, Fires("19999", Noon) with { Series = "19999" }, Noon.AddDays(1)).Alarm.Firing);
    }

    private static (Alarm Alarm, Firing Firing) Hear(FiringAlarms firing, Alarm alarm, DateTimeOffset now) => firing.Hear(alarm, Matches, now);

    private static Alarm Fires(string identity, DateTimeOffset since) => new()
    {
        Source = "generic",
        Name = "errors",
        Firing = true,
        Labels = new Dictionary<string, string>(),
        Series = "series",
        StartsAt = since,
        Identity = identity,
    };

    private static Alarm Ends(string identity, DateTimeOffset at) => Fires(identity, at) with { Firing = false, StartsAt = null, At = at };
}
