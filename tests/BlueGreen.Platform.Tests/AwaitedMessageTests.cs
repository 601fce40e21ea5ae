using BlueGreen.Contracts;
using BlueGreen.Platform.Tests.Fixture;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Tests;

public sealed class AwaitedMessageTests(Servers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Promotion_BeforeAnybodyHasAQueueForIt_WaitsInTheOutboxUntilThereIsOne()
    {
        var settings = await servers.SettingsAsync();
        await using var host = await new SampleHost().StartAsync(settings);
        await host.PublishAsync(new ModelPromoted
        {
            DeploymentId = Guid.NewGuid(),
            Endpoint = "fraud",
            Model = "fraud",
            Version = "v1",
            Artifact = new ArtifactReference { Uri = new Uri("file:///m.zip"), Sha256 = new string('a', 64) },
            Source = "generic",
            PromotedAt = TimeProvider.System.GetUtcNow(),
        });
        await SampleHost.UntilAsync(() => host.Store.ReadAsync((db, token) => db.Outbox.AnyAsync(row => row.Attempts > 0, token), Cancelled));

        // What is for nobody in particular goes on.
        await host.PublishAsync(new Greeting("meanwhile"));
        await SampleHost.UntilAsync(async () => await host.CountAsync("greeted") == 1);

        await RawBroker.DeclareAsync(settings, "orchestrator");
        await RawBroker.BindAsync(settings, "orchestrator", "BlueGreen.Contracts:ModelPromoted");
        await SampleHost.UntilAsync(async () => await RawBroker.CountAsync(settings, "orchestrator") == 1, seconds: 60);
        await SampleHost.UntilAsync(() => host.Store.ReadAsync(async (db, token) => !await db.Outbox.AnyAsync(token), Cancelled));
    }
}
