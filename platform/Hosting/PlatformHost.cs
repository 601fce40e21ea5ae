using BlueGreen.Platform.Http;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Rehearsing;
using BlueGreen.Platform.Telemetry;
using BlueGreen.Platform.Work;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Hosting;

/// <summary>Runs one service, or several in one process: the same code either way.</summary>
public static class PlatformHost
{
    /// <summary>Builds and runs until the process is asked to stop.</summary>
    public static Task RunAsync(string[] args, params IReadOnlyList<IPlatformService> services) =>
        Build(args, services).RunAsync();

    /// <summary>Builds without starting.</summary>
    /// <param name="args">Command line, e.g. <c>--urls http://127.0.0.1:8081 --BlueGreen:DataDirectory data</c>.</param>
    /// <param name="services">What this process is.</param>
    /// <param name="configure">Last word on configuration and container, for tests and embedding.</param>
    public static WebApplication Build(
        string[] args, IReadOnlyList<IPlatformService> services, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        ConfigureLogging(builder);
        configure?.Invoke(builder);
        AddOptions(builder);
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<DatabaseConnection>();
        builder.Services.AddSingleton<WriteGate>();
        builder.Services.AddSingleton<MigrationTurn>();
        builder.Services.AddSingleton<OutboxPublisher>();
        builder.AddPlatformTelemetry(services.Count == 1 ? services[0].Name : "standalone");
        builder.AddPlatformHttp();
        builder.Services.AddOpenApi();
        builder.Services.AddProblemDetails();
        builder.Services.AddSingleton<Rehearsal>().AddHostedService<MessageRehearsal>();
        builder.Services.AddHealthChecks().AddCheck<Rehearsal>("rehearsal", tags: ["ready"]);
        foreach (var service in services) service.AddServices(builder);
        builder.AddPlatformBus(services);

        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            Predicate = check => check.Tags.Contains("ready"),
            ResponseWriter = HealthText.WriteAsync,
        });
        app.MapPrometheusScrapingEndpoint();
        app.MapOpenApi();
        foreach (var service in services) service.MapEndpoints(app);
        return app;
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        Add<DatabaseOptions>(builder, DatabaseOptions.Section);
        Add<BusOptions>(builder, BusOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<BusOptions>, BusOptionsValidation>();
        Add<WorkOptions>(builder, WorkOptions.Section);
        // On a stop the work in hand is given back; waiting longer would only delay the successor.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));
    }

    private static void Add<TOptions>(WebApplicationBuilder builder, string section) where TOptions : class =>
        builder.Services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();

    private static void ConfigureLogging(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Logging.AddFilter("BlueGreen", LogLevel.Information);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        // A failed command throws and is reported by whoever asked; EF Core's own line only says it twice.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.None);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
    }
}
