using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Platform.Tests.Fixture;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Tests;

public sealed class FaultTests(Servers servers)
{
    private const string Queue = "sample-greeting";
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_UsesUpItsTries_BecomesOneFaultWithItsBytesAndItsException(bool isOnServers)
    {
        await using var host = new SampleHost();
        host.Script.Greeting = (_, _) => throw new InvalidOperationException("I am rude");
        await host.StartAsync(isOnServers ? await servers.SettingsAsync() : null);
        await host.PublishAsync(new Greeting("nobody home"));

        await SampleHost.UntilAsync(() => Task.FromResult(!host.Script.Faults.IsEmpty), seconds: 40);
        var fault = Assert.Single(host.Script.Faults);
        Assert.Equal((FaultKind.Message, "sample", Queue, "Greeting"), (fault.Kind, fault.Service, fault.Queue, fault.MessageType));
        Assert.Equal("I am rude", fault.ExceptionMessage);
        Assert.Contains("nobody home", Encoding.UTF8.GetString(Convert.FromBase64String(fault.Body)), StringComparison.Ordinal);
        Assert.Equal(9, host.Script.Calls["greeting"]);
        await SampleHost.UntilAsync(() => host.Store.ReadAsync(async (db, token) => !await db.Outbox.AnyAsync(token), Cancelled));
    }

    [Fact]
    public async Task EmbeddedBus_GivenUpMessage_IsNotSentAgainAtBoot()
    {
        await using var host = new SampleHost();
        host.Script.Greeting = (_, _) => throw new InvalidOperationException("I am rude");
        await host.StartAsync();
        await host.PublishAsync(new Greeting("nobody home"));
        await SampleHost.UntilAsync(() => Task.FromResult(!host.Script.Faults.IsEmpty), seconds: 40);
        var calls = host.Script.Calls["greeting"];
        await host.StopAsync();
        await host.StartAsync();
        host.Script.Greeting = (_, _) => Task.CompletedTask;
        await host.PublishAsync(new Greeting("the next"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1);
        Assert.Equal(calls + 1, host.Script.Calls["greeting"]);
    }

    [Fact]
    public async Task Work_IsGivenUp_BecomesAFaultThatSaysItWasAnswered()
    {
        await using var host = new SampleHost();
        host.Script.Digging = (_, _, _) => throw new InvalidOperationException("the spade broke");
        await host.StartAsync(new() { ["BlueGreen:Work:MaxTries"] = "1" });
        await host.PublishAsync(new Dig("rock", 1));
        await SampleHost.UntilAsync(async () => !host.Script.Faults.IsEmpty && await host.CountAsync("gave-up") == 1);
        var fault = Assert.Single(host.Script.Faults);
        Assert.Equal((FaultKind.Work, "Dig", true), (fault.Kind, fault.MessageType, fault.IsAnswered));
        Assert.Equal("the spade broke", fault.ExceptionMessage);
    }

    [Fact]
    public async Task RabbitMq_MessagesThatCannotBeReadOrThatNobodyConsumes_AreKept()
    {
        var settings = await servers.SettingsAsync();
        await using var host = await new SampleHost().StartAsync(settings);
        await host.PublishAsync(new Greeting("the queue is there"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1);

        await RawBroker.PutAsync(settings, Queue, "this is not JSON"u8.ToArray(), Guid.NewGuid());
        await RawBroker.PutAsync(settings, Queue, Envelope("urn:message:Unknown:Thing"), Guid.NewGuid());

        await SampleHost.UntilAsync(() => Task.FromResult(host.Script.Faults.Count == 2));
        var unreadable = Assert.Single(host.Script.Faults, fault => fault.Kind == FaultKind.Message);
        Assert.Equal("this is not JSON", Encoding.UTF8.GetString(Convert.FromBase64String(unreadable.Body)));
        Assert.NotEmpty(unreadable.ExceptionType);
        Assert.Equal("Thing", Assert.Single(host.Script.Faults, fault => fault.Kind == FaultKind.Skipped).MessageType);
    }

    [Fact]
    public async Task RabbitMq_MessageInAnErrorQueue_IsDrainedIntoTheFaultsOnce()
    {
        var settings = await servers.SettingsAsync();
        settings["BlueGreen:Bus:SideQueuePoll"] = "00:00:01";
        var deployment = Guid.NewGuid();
        var id = Guid.NewGuid();
        await RawBroker.DeclareAsync(settings, $"{Queue}_error");
        await RawBroker.PutAsync(settings, $"{Queue}_error", Envelope("urn:message:Platform:Greeting", deployment), id);
        // A drain that died between storing and acknowledging.
        await RawBroker.PutAsync(settings, $"{Queue}_error", Envelope("urn:message:Platform:Greeting", deployment), id);
        await using var host = await new SampleHost().StartAsync(settings);

        await SampleHost.UntilAsync(async () => !host.Script.Faults.IsEmpty && await RawBroker.CountAsync(settings, $"{Queue}_error") == 0, seconds: 40);
        var fault = Assert.Single(host.Script.Faults);
        Assert.Equal((Queue, (Guid?)deployment, (Guid?)id), (fault.Queue, fault.DeploymentId, fault.MessageId));
        Assert.Equal("it was rude", fault.ExceptionMessage);
    }

    private static byte[] Envelope(string type, Guid? deployment = null) => Encoding.UTF8.GetBytes(
        $$"""{"messageId":"{{Guid.NewGuid()}}","messageType":["{{type}}"],"message":{"deploymentId":"{{deployment}}" } }""");
}
