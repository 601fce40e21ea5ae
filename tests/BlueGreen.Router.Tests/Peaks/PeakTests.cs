using BlueGreen.Platform.Traffic;
using BlueGreen.Router.Peaks;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Tests.Peaks;

public sealed class PeakTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public void Book_KeepsTheBusiestHourOfAWeek()
    {
        var book = new PeakBook();
        Assert.Null(book.Of("fraud"));
        book.Note("fraud", Start, new(900, 9));
        book.Note("fraud", Start.AddMinutes(1), new(100, 1));
        book.Note("fraud", Start.AddDays(6), new(50, 1));
        Assert.Equal(new PeakReading(900, 9), book.Of("fraud"));
        book.Note("fraud", Start.AddDays(8), new(40, 1));
        Assert.Equal(new PeakReading(50, 1), book.Of("fraud"));
        var copy = new PeakBook();
        copy.Restore(book.Copy(), Start.AddDays(8));
        Assert.Equal(new PeakReading(50, 1), copy.Of("fraud"));
        copy = new PeakBook();
        copy.Restore(book.Copy(), Start.AddDays(30));
        Assert.Null(copy.Of("fraud"));
    }

    [Fact]
    public async Task Peak_AfterTraffic_IsWhatWasAnswered()
    {
        using var data = new TemporaryDirectory();
        await using var server = await ModelServer.StartAsync("v1");
        await using var router = await RouterHost.StartAsync(data);
        await router.SwitchAsync(Guid.NewGuid(), 0, server);
        for (var i = 0; i < 50; i++) (await router.Inference.GetAsync("/fraud/x", Token)).Dispose();

        await Eventually.TrueAsync(() =>
        {
            router.Get<PeakWatch>().Look();
            return router.Get<PeakBook>().Of("fraud")?.RequestsPerSecond >= 5;
        });
        var peak = await router.Control.GetFromJsonAsync<TrafficPeak>("/routes/fraud/peak", Token);

        Assert.Equal(5, peak!.RequestsPerSecond);
        Assert.True(peak.Concurrency > 0, $"{peak.Concurrency}");
        using var nobody = await router.Control.GetAsync("/routes/nobody/peak", Token);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, nobody.StatusCode);
    }
}
