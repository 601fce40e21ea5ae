using System.Net.Http.Headers;
using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using MassTransit;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BlueGreen.Router.Tests.Support;

/// <summary>A whole router: real bus, real database file, real sockets.</summary>
internal sealed class RouterHost : IAsyncDisposable
{
    public const string Token = "operator-token-of-the-tests";
    public const string BreakGlass = "break-glass-token-of-the-tests";
    public const string Preview = "preview-token-of-the-tests";

    private readonly WebApplication _app;

    private RouterHost(WebApplication app, MessageSpy spy)
    {
        (_app, Spy) = (app, spy);
        var control = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Control = new HttpClient { BaseAddress = new Uri(control) };
        Control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Inference = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(Get<InferenceServer>().Addresses.Single()) };
    }

    public MessageSpy Spy { get; }
    public HttpClient Control { get; }
    public HttpClient Inference { get; }
    public Uri Http2 => new(Get<InferenceServer>().Http2Addresses.Single());
    public RoutingTable Table => Get<RoutingTable>();

    public static async Task<RouterHost> StartAsync(TemporaryDirectory data, params (string Key, string Value)[] settings)
    {
        var spy = new MessageSpy();
        var app = PlatformHost.Build([], [new RouterService(), new SpyService(spy)], builder =>
        {
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = data.Path,
                ["BlueGreen:Api:Token"] = Token,
                ["BlueGreen:Router:BreakGlassToken"] = BreakGlass,
                ["BlueGreen:Router:InferenceUrl"] = "http://127.0.0.1:0",
                ["BlueGreen:Router:InferenceHttp2Url"] = "http://127.0.0.1:0",
                ["BlueGreen:Router:PreviewToken"] = Preview,
            });
            foreach (var (key, value) in settings) builder.Configuration[key] = value;
        });
        await app.StartAsync();
        return new RouterHost(app, spy);
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task PublishAsync<T>(T message) where T : class => Get<IBus>().Publish(message, TestContext.Current.CancellationToken);

    /// <summary>Switches to a fleet and returns the receipt; fails the test when the switch fails.</summary>
    public async Task<TrafficSwitched> SwitchAsync(Guid deployment, long expectedEpoch, params ModelServer[] replicas)
    {
        await PublishAsync(Commands.Switch(deployment, expectedEpoch, replicas));
        return await Spy.NextAsync<TrafficSwitched>(message => message.DeploymentId == deployment);
    }

    /// <summary>Applies a policy and waits until requests are carried by it.</summary>
    public async Task ConfigureAsync(TrafficPolicy traffic, string cutover = "fast", string onControlPlaneLoss = "serve-last", long revision = 1)
    {
        var policy = Commands.Configure("/" + Commands.Endpoint, revision, traffic, cutover, onControlPlaneLoss);
        await PublishAsync(policy);
        var expected = RouteSettings.Of(policy);
        await Eventually.TrueAsync(() => Table.Current.TryGet(Commands.Endpoint, out var entry) && entry.State.Settings == expected);
    }

    public Task<HttpResponseMessage> RevertAsync(Guid deployment) => Control.PostAsJsonAsync(
        $"/routes/{Commands.Endpoint}/revert",
        new { deploymentId = deployment, reason = "a test asks", requestedBy = "test" },
        TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        Inference.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class SpyService(MessageSpy spy) : IPlatformService
    {
        public string Name => "spy";
        public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(spy);
        public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<MessageSpy.SpyConsumer>();

        public void MapEndpoints(IEndpointRouteBuilder endpoints)
        {
        }
    }
}
