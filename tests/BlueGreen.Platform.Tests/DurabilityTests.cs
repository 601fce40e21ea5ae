using System.Diagnostics.Metrics;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Tests.Fixture;
using BlueGreen.Platform.Work;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlueGreen.Platform.Tests;

public sealed class DurabilityTests(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_RemovesOldInboxRowsInBatchesAndKeepsTheOthers(bool isOnServers)
    {
        await using var host = await new SampleHost().StartAsync(isOnServers ? await servers.SettingsAsync() : null);
        var now = TimeProvider.System.GetUtcNow();
        await host.Store.WriteAsync((transaction, _) =>
        {
            for (var i = 0; i < 1500; i++) transaction.Db.Inbox.Add(Row(now - TimeSpan.FromDays(8)));
            for (var i = 0; i < 5; i++) transaction.Db.Inbox.Add(Row(now - TimeSpan.FromDays(6)));
            return Task.FromResult(true);
        }, Cancelled);
        var purge = host.Services.GetServices<IHostedService>().OfType<DurabilityRetention<SampleDbContext>>().Single();
        Assert.Equal(1000, await purge.PurgeAsync(Cancelled));
        Assert.Equal(500, await purge.PurgeAsync(Cancelled));
        var left = now - TimeSpan.FromDays(5);
        Assert.Equal(5, await host.Store.ReadAsync((db, token) => db.Inbox.CountAsync(row => row.ReceivedAt < left, token), Cancelled));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Purge_RemovesWorkThatEndedLongAgoAndKeepsWhatWaitsOrEndedLately(bool isOnServers)
    {
        await using var host = await new SampleHost().StartAsync(isOnServers ? await servers.SettingsAsync() : null);
        var now = TimeProvider.System.GetUtcNow();
        await host.Store.WriteAsync((transaction, _) =>
        {
            for (var i = 0; i < 1500; i++) transaction.Db.WorkItems.Add(Item($"old {i}", WorkState.Done, now - TimeSpan.FromDays(8)));
            transaction.Db.WorkItems.Add(Item("late", WorkState.Done, now - TimeSpan.FromDays(6)));
            transaction.Db.WorkItems.Add(Item("waiting", WorkState.Pending, now - TimeSpan.FromDays(8)));
            return Task.FromResult(true);
        }, Cancelled);
        var purge = host.Services.GetServices<IHostedService>().OfType<DurabilityRetention<SampleDbContext>>().Single();
        Assert.Equal(1000, await purge.PurgeAsync(Cancelled));
        Assert.Equal(500, await purge.PurgeAsync(Cancelled));
        var left = await host.Store.ReadAsync(
            (db, token) => db.WorkItems.Where(item => item.Kind == "nobody's").Select(item => item.Subject).ToListAsync(token), Cancelled);
        Assert.Equal(["late", "waiting"], left.Order());
    }

    [Theory]
    [InlineData("00:05:00", "00:05:00")]
    [InlineData("00:45:00", "7.00:00:00")]
    public async Task Options_InboxForgetsBeforeARepetitionCanCome_DoNotStart(string hold, string retention)
    {
        await using var host = new SampleHost();
        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync(
            new() { ["BlueGreen:Bus:OutageHold"] = hold, ["BlueGreen:Bus:InboxRetention"] = retention }));
        Assert.Contains("BlueGreen:Bus:", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Gauges_SayWhatWaits(bool isOnServers)
    {
        await using var host = await new SampleHost().StartAsync(isOnServers ? await servers.SettingsAsync() : null);
        var found = new Dictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith("bluegreen.outbox", StringComparison.Ordinal)) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Keep(found, instrument.Name, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Keep(found, instrument.Name, value));
        listener.Start();
        var gauges = host.Services.GetServices<IHostedService>().OfType<DurabilityGauges<SampleDbContext>>().Single();
        await host.Store.WriteAsync(async (transaction, token) =>
        {
            transaction.Db.Outbox.Add(new OutboxMessage
            {
                MessageId = Guid.NewGuid(),
                DueAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1),
                CreatedAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromMinutes(1),
                Attempts = 4,
                Destination = "x:y",
                ContentType = "",
                MessageTypes = "",
                Body = "",
            });
            await transaction.Db.SaveChangesAsync(token);
            return await gauges.SampleAsync(transaction.Db, token);
        }, Cancelled);
        lock (found)
        {
            Assert.True(found["bluegreen.outbox.backlog"] >= 1);
            Assert.True(found["bluegreen.outbox.oldest_age"] >= 60);
            Assert.True(found["bluegreen.outbox.attempts"] >= 4);
        }
    }

    private static void Keep(Dictionary<string, double> found, string name, double value)
    {
        lock (found) found[name] = Math.Max(value, found.GetValueOrDefault(name));
    }

    private static WorkItem Item(string subject, string state, DateTimeOffset at) => new()
    {
        Kind = "nobody's",
        Subject = subject,
        Fence = 1,
        State = state,
        Command = "{}",
        RequestedAt = at,
        DueAt = at,
    };

    private static InboxMessage Row(DateTimeOffset at) => new()
    {
        MessageId = Guid.NewGuid(),
        ConsumerId = Guid.NewGuid(),
        ReceivedAt = at,
    };
}
