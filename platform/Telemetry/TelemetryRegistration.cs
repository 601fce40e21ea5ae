using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace BlueGreen.Platform.Telemetry;

/// <summary>Traces and metrics: Prometheus at <c>/metrics</c>; OTLP when the standard environment variables name an endpoint.</summary>
internal static class TelemetryRegistration
{
    public static void AddPlatformTelemetry(this IHostApplicationBuilder builder, string serviceName)
    {
        var exportsOtlp = !string.IsNullOrEmpty(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService($"bluegreen-{serviceName}"))
            .WithMetrics(metrics => metrics
                .AddMeter(PlatformTelemetry.Name, "MassTransit")
                .AddAspNetCoreInstrumentation()
                .AddRuntimeInstrumentation()
                .AddPrometheusExporter());
        if (!exportsOtlp) return;
        telemetry
            .WithMetrics(metrics => metrics.AddOtlpExporter())
            .WithTracing(tracing => tracing
                .AddSource(PlatformTelemetry.Name, "MassTransit")
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !context.Request.Path.StartsWithSegments("/health"))
                .AddHttpClientInstrumentation()
                .AddNpgsql()
                .AddOtlpExporter());
    }
}
