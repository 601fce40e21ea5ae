using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Traffic;
using BlueGreen.Platform.Work;
using BlueGreen.Prewarmer.Warming;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Prewarmer.Tests;

/// <summary>The handler with everything real but the blob store.</summary>
internal static class Warmers
{
    public static async Task<object> WarmAsync(
        WarmEnvironment command, string? payloads = null, Action<PrewarmerOptions>? configure = null, IObservedTraffic? traffic = null,
        IReplicaIdentities? identities = null, IReadOnlyList<CapturedRequest>? captured = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddInference();
        services.Configure<PrewarmerOptions>(options => options.PauseAfterError = TimeSpan.FromMilliseconds(1));
        services.Configure(configure ?? (_ => { }));
        services.AddSingleton<IBlobs>(new Blobs(payloads));
        services.AddSingleton<PrewarmerMetrics>();
        services.AddOptions<ServiceAddresses>();
        services.AddSingleton<IObservedTraffic>(traffic ?? new Traffic());
        services.AddSingleton(identities ?? new Identities(() => "1"));
        services.AddSingleton<ProductionConcurrency>();
        services.AddSingleton<ICapturedTraffic>(new Captures(captured ?? []));
        services.AddSingleton<PayloadSource>();
        services.AddSingleton<ReplicaWarmer>();
        services.AddSingleton<WarmupPlan>();
        services.AddSingleton<EnvironmentWarmer>();
        await using var provider = services.BuildServiceProvider();
        var outcome = await provider.GetRequiredService<EnvironmentWarmer>()
            .RunAsync(command, new HeldLease(), TestContext.Current.CancellationToken);
        return Assert.Single(outcome.Messages);
    }

    public static WarmEnvironment Command(Fleet fleet, WarmupPolicy policy) => new()
    {
        DeploymentId = Guid.NewGuid(),
        Attempt = 2,
        Endpoint = "fraud",
        Fleet = fleet,
        Warmup = policy,
    };

    public static WarmupPolicy Policy(int min = 20, int max = 150, int window = 10) => new()
    {
        MinRequests = min,
        MaxRequests = max,
        StableWindow = window,
        StableTolerance = 0.05,
    };

    /// <summary>Peaks as the test says; by default nobody has called the endpoint yet.</summary>
    internal sealed class Traffic(TrafficPeak? peak = null) : IObservedTraffic
    {
        public Task<TrafficPeak?> PeakAsync(string endpoint, CancellationToken cancellationToken) => Task.FromResult(peak);
    }

    internal sealed class Identities(Func<string?> identity) : IReplicaIdentities
    {
        public Task<string?> OfAsync(WarmEnvironment command, int replica, CancellationToken cancellationToken) => Task.FromResult(identity());
    }

    internal sealed class Captures(IReadOnlyList<CapturedRequest> requests) : ICapturedTraffic
    {
        public Task<IReadOnlyList<CapturedRequest>> ReadAsync(
            string endpoint, int count, string readBy, string purpose, CancellationToken cancellationToken) => Task.FromResult(requests);
    }

    private sealed class Blobs(string? content) : IBlobs
    {
        public Task<byte[]> GetAsync(BlobReference blob, CancellationToken cancellationToken) =>
            Task.FromResult(System.Text.Encoding.UTF8.GetBytes(content ?? ""));
    }

    private sealed class HeldLease : IWorkLease
    {
        public int Try => 1;
        public DateTimeOffset RequestedAt => DateTimeOffset.UnixEpoch;
        public Task EnsureHeldAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
