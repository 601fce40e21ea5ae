using BlueGreen.Contracts;
using BlueGreen.Platform.Persistence;
using BlueGreen.Tests;
using BlueGreen.Validator.Persistence;
using BlueGreen.Validator.Tests.Baking;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Validator.Tests;

public sealed class ValidatorServiceTests
{
    [Fact]
    public async Task Service_ValidateEnvironment_PublishesTheVerdict()
    {
        await using var green = await ModelServer.WithLatencyAsync(_ => 0);
        await using var host = await ServiceHost.StartAsync<EnvironmentValidated, ValidationFailed>(new ValidatorService());
        var command = new ValidateEnvironment
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            Endpoint = "fraud",
            Green = ModelServer.Fleet(green),
            Fingerprint = "f",
            Gates = new() { Health = new(), ErrorRate = new() { Max = 0 } },
        };
        await host.PublishAsync(command);
        Assert.Equal(command.DeploymentId, Assert.IsType<EnvironmentValidated>(await host.HearAsync()).DeploymentId);
    }

    [Fact]
    public async Task Service_PayloadsCannotBeHad_GivesUpWithoutAVerdictOnTheEnvironment()
    {
        await using var green = await ModelServer.WithLatencyAsync(_ => 0);
        await using var host = await ServiceHost.StartAsync<MessageFaulted, ValidationFailed>(new ValidatorService(), new()
        {
            ["BlueGreen:Services:OrchestratorUrl"] = "http://127.0.0.1:9/",
            ["BlueGreen:Work:MaxTries"] = "1",
        });
        var payloads = new BlobReference { Sha256 = new string('0', 64), Name = "golden.jsonl" };
        var command = new ValidateEnvironment
        {
            DeploymentId = Guid.NewGuid(),
            Attempt = 1,
            Endpoint = "fraud",
            Green = ModelServer.Fleet(green),
            Fingerprint = "f",
            Gates = new() { Health = new(), Payloads = payloads },
        };
        await host.PublishAsync(command);
        var fault = Assert.IsType<MessageFaulted>(await host.HearAsync());
        Assert.Equal(
            (nameof(ValidateEnvironment), command.DeploymentId, false), (fault.MessageType, fault.DeploymentId!.Value, fault.IsAnswered));
    }

    /// <summary>The router cannot be read, so the bake would end inconclusive after three seconds; the revert ends it before.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Service_TrafficReverted_EndsTheBakeWithoutAVerdict(bool reverted)
    {
        await using var host = await ServiceHost.StartAsync<BakingInconclusive, BakingPassed>(new ValidatorService(), new()
        {
            ["BlueGreen:Services:RouterUrls:0"] = "http://127.0.0.1:9/",
            ["BlueGreen:Work:Lease"] = "00:00:01",
        });
        var command = Bake();
        await host.PublishAsync(command);
        if (!reverted)
        {
            Assert.IsType<BakingInconclusive>(await host.HearAsync());
            return;
        }

        await UntilAsync(host, "Running");
        await host.PublishAsync(Reverted(command.DeploymentId));
        await UntilAsync(host, "Done");
        Assert.True(await host.HearsNothingAsync(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task Service_TrafficRevertedIsHeardBeforeTheOrderToBake_NeverBegins()
    {
        await using var host = await ServiceHost.StartAsync<BakingInconclusive, BakingPassed>(new ValidatorService(), new()
        {
            ["BlueGreen:Services:RouterUrls:0"] = "http://127.0.0.1:9/",
        });
        var command = Bake();
        await host.PublishAsync(Reverted(command.DeploymentId));
        await UntilAsync(host, "Done");
        await host.PublishAsync(command);
        Assert.True(await host.HearsNothingAsync(TimeSpan.FromSeconds(4)));
    }

    private static BeginBaking Bake() => new()
    {
        DeploymentId = Guid.NewGuid(),
        Attempt = 1,
        Endpoint = "fraud",
        Green = ModelServer.Fleet(),
        SwitchedAt = TimeProvider.System.GetUtcNow(),
        Bake = Traffic.Policy(Traffic.ErrorRate()) with { Duration = TimeSpan.FromSeconds(1), MaxDuration = TimeSpan.FromSeconds(3) },
    };

    private static TrafficReverted Reverted(Guid deployment) => new()
    {
        DeploymentId = deployment,
        Endpoint = "fraud",
        Epoch = 8,
        Reason = "alarm",
        RequestedBy = "test",
        RevertedAt = TimeProvider.System.GetUtcNow(),
    };

    private static async Task UntilAsync(ServiceHost host, string state)
    {
        var store = host.Services.GetRequiredService<IServiceStore<ValidatorDbContext>>();
        while (await store.ReadAsync((db, token) => db.Database
            .SqlQueryRaw<string>("SELECT state AS Value FROM validator_work_items").FirstOrDefaultAsync(token), TestContext.Current.CancellationToken) != state)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
    }
}
