using System.Threading.Channels;
using BlueGreen.Platform.Hosting;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Tests;

/// <summary>A service as it really runs, on SQLite and the embedded bus, and an ear for what it publishes.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-service-").FullName;
    private readonly Ear _ear = new();
    private WebApplication? _app;

    public IServiceProvider Services => _app!.Services;

    /// <summary>Asks the service's own API, as an operator.</summary>
    public HttpClient Operator()
    {
        var client = new HttpClient { BaseAddress = new(_app!.Urls.First()) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", "a-token-for-tests-only");
        return client;
    }

    /// <summary>Starts it, listening for two kinds of outcome.</summary>
    public static async Task<ServiceHost> StartAsync<TOne, TOther>(IPlatformService service, Dictionary<string, string?>? settings = null)
        where TOne : class where TOther : class
    {
        var host = new ServiceHost();
        host._app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [service, new Listener<TOne, TOther>()], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = host._folder,
                ["BlueGreen:Api:Token"] = "a-token-for-tests-only",
                ["BlueGreen:Database:ConnectionString"] = $"Data Source={Path.Combine(host._folder, "test.db")}",
            });
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(host._ear);
        });
        await host._app.StartAsync();
        return host;
    }

    /// <summary>In a flow of its own: the bus leaves its log in the flow that publishes, and that of a stopped host is disposed of.</summary>
    public async Task PublishAsync<T>(T message) where T : class => await Services.GetRequiredService<IBus>().Publish(message);

    /// <summary>The next outcome.</summary>
    public async Task<object> HearAsync() =>
        await _ear.NextAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    /// <summary>True when nothing is published within the time.</summary>
    public async Task<bool> HearsNothingAsync(TimeSpan within)
    {
        try
        {
            await _ear.NextAsync(within, TestContext.Current.CancellationToken);
            return false;
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
        Directory.Delete(_folder, true);
    }

    internal sealed class Ear
    {
        private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();

        public void Hear(object message) => _heard.Writer.TryWrite(message);

        public Task<object> NextAsync(TimeSpan within, CancellationToken cancellationToken) =>
            _heard.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(within, TimeProvider.System, cancellationToken);
    }

    internal sealed class Listener<TOne, TOther> : IPlatformService where TOne : class where TOther : class
    {
        public string Name => "listener";

        public void AddServices(IHostApplicationBuilder builder)
        {
        }

        public void AddConsumers(IBusRegistrationConfigurator bus)
        {
            bus.AddConsumer<Hearer<TOne>>();
            bus.AddConsumer<Hearer<TOther>>();
        }

        public void MapEndpoints(IEndpointRouteBuilder endpoints)
        {
        }
    }

    internal sealed class Hearer<T>(Ear ear) : IConsumer<T> where T : class
    {
        public Task Consume(ConsumeContext<T> context)
        {
            ear.Hear(context.Message);
            return Task.CompletedTask;
        }
    }
}
