using BlueGreen.Contracts;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;
using BlueGreen.Platform.Messaging;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Traffic;
using BlueGreen.Validator.Baking;
using BlueGreen.Validator.Evidence;
using BlueGreen.Validator.Features;
using BlueGreen.Validator.Gates;
using BlueGreen.Validator.Metrics;
using BlueGreen.Validator.Persistence;
using MassTransit;

namespace BlueGreen.Validator;

/// <summary>Judges green before the switch (gates) and after it (bake).</summary>
public sealed class ValidatorService : IPlatformService
{
    internal const string ServiceName = "validator";

    public string Name => ServiceName;

    public void AddServices(IHostApplicationBuilder builder)
    {
        builder.AddServiceStore<ValidatorDbContext>(ServiceName);
        AddEvidence(builder);
        AddValidation(builder);
        AddBaking(builder);
    }

    public void AddConsumers(IBusRegistrationConfigurator bus)
    {
        bus.AddDurableConsumer<ValidateEnvironmentConsumer, ValidatorDbContext>();
        bus.AddDurableConsumer<BeginBakingConsumer, ValidatorDbContext>();
        bus.AddDurableConsumer<TrafficRevertedConsumer, ValidatorDbContext>();
    }

    public void MapEndpoints(IEndpointRouteBuilder endpoints)
    {
        var evidence = endpoints.MapGroup("/api/v1/evidence").RequireOperator().WithTags("evidence");
        evidence.MapGet("/{deployment:guid}", EvidenceEndpoint.GetAsync).WithSummary("What the gates of a deployment judged");
        evidence.MapGet("/{deployment:guid}/bake", EvidenceEndpoint.GetBakeAsync).WithSummary("What the bake of a deployment saw");
    }

    private static void AddEvidence(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<EvidenceOptions>().BindConfiguration(EvidenceOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<EvidenceStore>();
        builder.Services.AddSingleton<BakeStore>();
        builder.Services.AddSingleton<IBakeRecords>(services => services.GetRequiredService<BakeStore>());
        builder.Services.AddHostedService<EvidenceSweep>();
    }

    private static void AddValidation(IHostApplicationBuilder builder)
    {
        builder.Services.AddInference();
        builder.Services.AddOptions<GateOptions>().BindConfiguration(GateOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<ValidatorMetrics>();
        builder.Services.AddObservedTraffic();
        builder.Services.AddSingleton<OpenLoopLoad>();
        builder.Services.AddSingleton<GreenLoad>();
        builder.Services.AddSingleton<ScoreSampler>();
        builder.Services.AddSingleton<HealthJudge>();
        builder.Services.AddHttpClient(CompatibilityJudge.HttpClient);
        builder.Services.AddSingleton<SchemaJudge>();
        builder.Services.AddSingleton<GoldenJudge>();
        builder.Services.AddSingleton<RetrainFiles>();
        builder.Services.AddSingleton<DistributionJudge>();
        builder.Services.AddSingleton<PairedJudge>();
        builder.Services.AddSingleton<CompatibilityJudge>();
        builder.Services.AddSingleton<FeatureJudge>();
        builder.Services.AddSingleton<ExternalJudge>();
        builder.Services.AddSingleton<GateSequence>();
        var options = builder.Configuration.GetSection(GateOptions.Section).Get<GateOptions>() ?? new();
        builder.AddWork<ValidatorDbContext, ValidateEnvironment, EnvironmentJudge>(options.Concurrency);
    }

    internal static void AddMetrics(IServiceCollection services)
    {
        services.AddOptions<MetricOptions>().BindConfiguration(MetricOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient(MetricHttp.HttpClient);
        services.AddSingleton<MetricHttp>();
        services.AddSingleton<MetricSources>();
        services.AddSingleton<IMetricSource, PrometheusSource>();
        services.AddSingleton<IMetricSource, HttpJsonSource>();
        services.AddSingleton<IMetricSource, WebhookSource>();
        services.AddSingleton<IMetricSource, DatadogSource>();
        services.AddSingleton<IMetricSource, NewRelicSource>();
        services.AddSingleton<IMetricSource, CloudWatchSource>();
    }

    private static void AddBaking(IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<BakeOptions>().BindConfiguration(BakeOptions.Section)
            .ValidateDataAnnotations().ValidateOnStart();
        AddMetrics(builder.Services);
        builder.Services.AddPlatformHttpClient(RouterWindows.HttpClient);
        builder.Services.AddSingleton<IRouterWindows, RouterWindows>();
        builder.Services.AddSingleton<IRouterPairs, RouterPairs>();
        builder.Services.AddSingleton<BakeRound>();
        builder.Services.AddSingleton<BakeRecorder>();
        builder.Services.AddSingleton<BlueWatch>();
        var options = builder.Configuration.GetSection(BakeOptions.Section).Get<BakeOptions>() ?? new();
        builder.AddWork<ValidatorDbContext, BeginBaking, BakeWatch>(options.Concurrency);
    }
}
