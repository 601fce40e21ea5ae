using BlueGreen.Demo.Load;

namespace BlueGreen.Demo.Tests.Verification;

public sealed class LogVerifierTests
{
    [Fact]
    public void GoodRun_HasNoFaults_AndItsRate()
    {
        var figures = ASwitch().Verify();

        Assert.Empty(figures.Faults);
        Assert.Equal((200, 0), (figures.Requests, figures.Failed));
        Assert.Equal(200, figures.Rate, 3);
        Assert.Equal(3, figures.LatencyP99Milliseconds, 3);
        Assert.Equal(0, figures.SwitchMilliseconds);
        Assert.Null(figures.RollbackMilliseconds);
    }

    [Theory]
    [InlineData(0, "HttpRequestException: connection reset")]
    [InlineData(503, null)]
    public void OneFailedRequest_IsFoundAndNamed(int status, string? error)
    {
        var figures = ASwitch()
            .Add(now => new RequestRecord(now, now, now + 1, status, null, null, null, false, error))
            .Answered(10, "2", "2")
            .Verify();

        Assert.Equal(1, figures.Failed);
        var fault = Assert.Single(figures.Faults);
        Assert.Contains($"status {status}", fault, StringComparison.Ordinal);
        if (error is not null) Assert.Contains(error, fault, StringComparison.Ordinal);
    }

    [Fact]
    public void ClientError_IsNoFailureOfTheServer_ButNoGoodRunEither()
    {
        var figures = ASwitch().Add(now => new RequestRecord(now, now, now + 1, 404, "e", "2", "2", false, null)).Verify();

        Assert.Equal(0, figures.Failed);
        Assert.StartsWith("refused", Assert.Single(figures.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void AnswerWithoutHeaders_IsAFault()
    {
        var figures = ASwitch().Add(now => new RequestRecord(now, now, now + 1, 200, null, null, null, false, null)).Verify();

        Assert.Contains("without the platform's headers", Assert.Single(figures.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void StaleAnswer_SentAfterANewerEpochWasComplete_IsFound()
    {
        var figures = ASwitch().Answered(1, "1", "1").Answered(5, "2", "2").Verify();

        Assert.StartsWith("stale", Assert.Single(figures.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void OldAnswer_ToARequestThatOverlappedTheSwitch_IsNotStale()
    {
        // Sent first, answered last: the switch fell in between.
        var figures = new PlantedRun()
            .Answered(50, "1", "1")
            .Add(now => new RequestRecord(now, now, now + 400_000, 200, "environment-1", "1", "1", false, null))
            .Answered(50, "2", "2")
            .Verify();

        Assert.Empty(figures.Faults);
        Assert.Equal(0, figures.SwitchMilliseconds);
    }

    [Fact]
    public void Switch_IsTheTimeInWhichBothEnvironmentsTookRequests()
    {
        // New at t, old again 5 ms later while the first new answer was still under way.
        var figures = new PlantedRun()
            .Answered(50, "1", "1")
            .Add(now => new RequestRecord(now, now, now + 20_000, 200, "environment-2", "2", "2", false, null))
            .Answered(1, "1", "1")
            .Answered(50, "2", "2")
            .Verify();

        Assert.Empty(figures.Faults);
        Assert.Equal(5, figures.SwitchMilliseconds!.Value, 3);
    }

    [Fact]
    public void Revert_MovesForward_OldEpochThenRevertThenItsNumber()
    {
        var figures = ASwitch().Answered(20, "1", "2+revert").Answered(20, "1", "3").Verify();

        Assert.Empty(figures.Faults);
    }

    [Fact]
    public void RevertTakenBack_IsStale()
    {
        var figures = ASwitch().Answered(20, "1", "2+revert").Answered(1, "2", "2").Verify();

        Assert.StartsWith("stale", Assert.Single(figures.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void Rollback_CountsFromTheAlarmToTheLastRequestThatGreenAnswered()
    {
        var run = ASwitch().Marked(Mark.Alarm, "v4", "2");
        var alarm = run.Now;
        var figures = run.Answered(4, "2", "2").Answered(50, "1", "2+revert").Verify();

        Assert.Equal(15, figures.RollbackMilliseconds!.Value, 3);
        Assert.Equal(alarm + 15_000, run.Now - 51 * 5_000);
    }

    [Fact]
    public void Rollback_GreenAnsweredNothingSentAfterTheAlarm_IsZero()
    {
        var figures = ASwitch().Marked(Mark.Alarm, "v4", "2").Answered(50, "1", "2+revert").Verify();

        Assert.Equal(0, figures.RollbackMilliseconds);
    }

    [Fact]
    public void VersionThatTheStoryDoesNotAllow_IsFound()
    {
        var figures = ASwitch().Marked(Mark.Begin, "v3", "2").Answered(10, "2", "2").Answered(1, "3", "3").Verify();

        Assert.Contains("no business", Assert.Single(figures.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void VersionThatServesOnAfterItsStory_IsFound()
    {
        var figures = ASwitch().Marked(Mark.End, "v2", "2").Answered(1, "1", "3").Verify();

        Assert.Contains("version 1", Assert.Single(figures.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void NoRequests_IsNoGoodRun() => Assert.NotEmpty(new PlantedRun().Verify().Faults);

    [Fact]
    public async Task LogFile_ReadBack_GivesTheSameFigures()
    {
        var path = Path.GetTempFileName();
        try
        {
            var run = ASwitch().Marked(Mark.Alarm, "v4", "2").Answered(4, "2", "2").Answered(9, "1", "2+revert")
                .Add(now => new RequestRecord(now, now, now + 1, 0, null, null, null, true, "IOException: two\nlines\tand a tab"));

            var read = await run.WriteAndVerifyAsync(path);

            Assert.Equivalent(run.Verify() with { Faults = [] }, read with { Faults = [] });
            Assert.Contains("two lines and a tab", Assert.Single(read.Faults), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void LogFile_Mutilated_IsRefusedWithTheLine()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(path, ["#due_us", "1\t2\t3\t200\te\t1\t1\t0\t", "1\t2\tthree"]);

            var fault = Assert.Throws<FormatException>(() => Demo.Verification.ClientLog.Read(path));

            Assert.Contains("line 3", fault.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static PlantedRun ASwitch() => new PlantedRun().Answered(100, "1", "1").Answered(100, "2", "2");
}
