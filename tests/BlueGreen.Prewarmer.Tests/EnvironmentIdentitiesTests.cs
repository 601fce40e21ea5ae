using BlueGreen.Platform.Http;
using BlueGreen.Prewarmer.Warming;
using BlueGreen.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Prewarmer.Tests;

public sealed class EnvironmentIdentitiesTests
{
    [Fact]
    public async Task Identity_ChangesWithProcessAndRestarts_AndIsNullWhenItCannotBeTold()
    {
        await using var server = await ModelServer.WithLatencyAsync(_ => 0);
        var command = Warmers.Command(ModelServer.Fleet(server), Warmers.Policy());
        var shown = "[]";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var manager = builder.Build();
        manager.MapGet("/api/v1/environments", (string endpoint) => Results.Text(endpoint == "fraud" ? shown : "[]", "application/json"));
        await manager.StartAsync(TestContext.Current.CancellationToken);
        await using var services = new ServiceCollection().AddLogging().AddSingleton<EnvironmentIdentities>()
            .AddHttpClient(EnvironmentIdentities.HttpClient).Services
            .Configure<ServiceAddresses>(addresses => addresses.EnvManagerUrl = new Uri(manager.Urls.First())).BuildServiceProvider();

        Assert.Null(await IdentityAsync());
        shown = View(12, 0);
        Assert.Equal("12/0", await IdentityAsync());
        shown = View(13, 1);
        Assert.Equal("13/1", await IdentityAsync());
        shown = "<html>";
        Assert.Null(await IdentityAsync());
        await manager.StopAsync(TestContext.Current.CancellationToken);
        Assert.Null(await IdentityAsync());

        Task<string?> IdentityAsync() =>
            services.GetRequiredService<EnvironmentIdentities>().OfAsync(command, 0, TestContext.Current.CancellationToken);

        string View(int process, int restarts) =>
            $$"""[{"id":"{{command.Fleet.EnvironmentId}}","replicas":[{"index":0,"address":"http://x/","processId":{{process}},"ready":true,"restarts":{{restarts}}}]}]""";
    }
}
