using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Drivers.Tests.Fixture;

/// <summary>A whole router whose endpoint has a load balancer in front, and two model servers to switch between.</summary>
internal sealed class DrivenRouter : IAsyncDisposable
{
    private readonly TemporaryDirectory _data;
    private readonly (string Key, string Value)[] _settings;

    private DrivenRouter(TemporaryDirectory data, (string Key, string Value)[] settings, RouterHost router, ModelServer blue, ModelServer green) =>
        (_data, _settings, Router, Blue, Green) = (data, settings, router, blue, green);

    public RouterHost Router { get; private set; }
    public ModelServer Blue { get; }
    public ModelServer Green { get; }

    public static Task<DrivenRouter> StartAsync(TrafficDriver driver, params (string Name, string Value)[] target) => StartAsync(driver, [], target);

    public static async Task<DrivenRouter> StartAsync(
        TrafficDriver driver, (string Key, string Value)[] more, params (string Name, string Value)[] target)
    {
        var data = new TemporaryDirectory();
        (string, string)[] settings =
        [
            .. target.Select(pair => ($"BlueGreen:Router:Drivers:{driver.Target ?? driver.Kind}:{pair.Name}", pair.Value)),
            ("BlueGreen:Router:DriftInterval", "00:00:00.250"), ("BlueGreen:Router:DriverDeadline", "00:00:20"), .. more,
        ];
        var router = await RouterHost.StartAsync(data, settings);
        await router.PublishAsync(Commands.Configure("/" + Commands.Endpoint, 1, new TrafficPolicy { Driver = driver }));
        await Eventually.TrueAsync(() => router.Table.Current.TryGet(Commands.Endpoint, out var entry) && entry.State.Settings.Traffic.Driver is not null);
        return new DrivenRouter(data, settings, router, await ModelServer.StartAsync("blue"), await ModelServer.StartAsync("green"));
    }

    /// <summary>Another process on the same disk and database.</summary>
    /// <param name="meanwhile">What happens while there is none.</param>
    public async Task RestartAsync(Action meanwhile)
    {
        await Router.DisposeAsync();
        meanwhile();
        Router = await RouterHost.StartAsync(_data, _settings);
        await Eventually.TrueAsync(() => Router.Get<DriverKeeper>().Find(Commands.Endpoint) is not null);
    }

    /// <summary>Switches, and checks that the load balancer acknowledged.</summary>
    public async Task<TrafficSwitched> SwitchAsync(Guid deployment, long epoch, params ModelServer[] replicas)
    {
        var receipt = await Router.SwitchAsync(deployment, epoch, replicas);
        var driver = Assert.Single(receipt.Acknowledgements, entry => entry.Router.StartsWith("driver:", StringComparison.Ordinal));
        Assert.True(driver.Milliseconds is not null, driver.Problem);
        Assert.True(receipt.Confirmed);
        return receipt;
    }

    /// <summary>Asks for a switch that is expected to be refused.</summary>
    public async Task<SwitchingFailed> RefusedAsync(Guid deployment, long epoch, params ModelServer[] replicas)
    {
        await Router.PublishAsync(Commands.Switch(deployment, epoch, replicas));
        return await Router.Spy.NextAsync<SwitchingFailed>(message => message.DeploymentId == deployment);
    }

    public async Task<DriverResponse> StatusAsync() =>
        (await Router.Control.GetFromJsonAsync<DriverResponse>($"/routes/{Commands.Endpoint}/driver", TestContext.Current.CancellationToken))!;

    public Task StandsAsync(string standing) => StandsAsync(status => status.Standing == standing, standing);

    public async Task StandsAsync(Func<DriverResponse, bool> fits, string expected)
    {
        DriverResponse? last = null;
        await Until.TrueAsync(async () => fits(last = await StatusAsync()), () => $"Expected {expected}, the last is {last}");
    }

    /// <summary>An operator's word.</summary>
    public async Task<HttpStatusCode> ApplyAgainAsync()
    {
        using var answer = await Router.Control.PostAsync($"/routes/{Commands.Endpoint}/driver/apply", null, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    public async Task<string> MetricsAsync() => await Router.Control.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Router.DisposeAsync();
        await Blue.DisposeAsync();
        await Green.DisposeAsync();
        _data.Dispose();
    }
}
