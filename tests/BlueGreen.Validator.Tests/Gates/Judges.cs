using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Load;
using BlueGreen.Platform.Persistence;
using BlueGreen.Platform.Traffic;
using BlueGreen.Validator.Evidence;
using BlueGreen.Validator.Features;
using BlueGreen.Validator.Gates;
using BlueGreen.Validator.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Validator.Tests.Gates;

/// <summary>The handler with everything real but the blob store.</summary>
internal static class Judges
{
    /// <param name="command">What is asked.</param>
    /// <param name="payloads">Every file but those that have a text of their own.</param>
    /// <param name="configure">Other services.</param>
    /// <param name="files">Texts by file name.</param>
    public static async Task<object> JudgeAsync(
        ValidateEnvironment command, string payloads = "", Action<IServiceCollection>? configure = null, IReadOnlyDictionary<string, string>? files = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddInference();
        services.Configure<GateOptions>(options =>
        {
            options.LoadRate = 500;
            options.HealthPause = TimeSpan.FromMilliseconds(10);
            options.SamplingConcurrency = 4;
        });
        services.AddSingleton<IBlobs>(new Blobs(payloads, files));
        services.AddSingleton<ValidatorMetrics>();
        services.AddSingleton<IObservedTraffic>(new Traffic());
        services.AddSingleton<OpenLoopLoad>();
        services.AddSingleton<GreenLoad>();
        services.AddSingleton<ICapturedTraffic>(new Captures([]));
        services.AddSingleton<PayloadSource>();
        services.AddSingleton<ScoreSampler>();
        services.AddSingleton<HealthJudge>();
        services.AddHttpClient();
        ValidatorService.AddMetrics(services);
        services.AddSingleton<SchemaJudge>();
        services.AddSingleton<GoldenJudge>();
        services.AddSingleton<RetrainFiles>();
        services.AddSingleton<DistributionJudge>();
        services.AddSingleton<PairedJudge>();
        services.AddSingleton<CompatibilityJudge>();
        services.AddSingleton<FeatureJudge>();
        services.AddSingleton<ExternalJudge>();
        services.AddSingleton<GateSequence>();
        services.AddSingleton<IServiceStore<ValidatorDbContext>>(new NoStore());
        services.AddSingleton<EvidenceStore>();
        services.AddSingleton<EnvironmentJudge>();
        configure?.Invoke(services);
        await using var provider = services.BuildServiceProvider();
        var outcome = await provider.GetRequiredService<EnvironmentJudge>()
            .RunAsync(command, new HeldLease(), TestContext.Current.CancellationToken);
        return Assert.Single(outcome.Messages);
    }

    public static ValidateEnvironment Command(Fleet green, Fleet? blue, GatePolicy gates) => new()
    {
        DeploymentId = Guid.NewGuid(),
        Attempt = 4,
        Endpoint = "fraud",
        Green = green,
        Blue = blue,
        Fingerprint = "f1",
        Gates = gates,
    };

    public static BlobReference File { get; } = new() { Sha256 = "", Name = "golden.jsonl" };

    /// <summary>Requests whose inputs rise evenly from 0 to 1, as a file sorted by label would.</summary>
    public static string Golden(int count) => string.Join('\n', Enumerable.Range(0, count).Select(i => FormattableString.Invariant(
        $$"""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP64","data":[{{(i + 0.5) / count}}]}]}""")));

    public static DistributionGate Of(string statistic, double margin) => Ks(margin) with { Statistic = statistic };

    public static DistributionGate Ks(double margin = 0.15, int min = 500, int max = 2000) => new()
    {
        Statistic = "ks",
        Margin = margin,
        Confidence = 0.95,
        MinSamples = min,
        MaxSamples = max,
    };

    /// <summary>What is written with the verdict is written by who publishes it: not here.</summary>
    private sealed class NoStore : IServiceStore<ValidatorDbContext>
    {
        public Task<TResult> WriteAsync<TResult>(
            Func<ServiceTransaction<ValidatorDbContext>, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task RehearseAsync(Func<ServiceTransaction<ValidatorDbContext>, CancellationToken, Task> work, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public Task<TResult> ReadAsync<TResult>(Func<ValidatorDbContext, CancellationToken, Task<TResult>> query, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }

    /// <summary>Nobody has called the endpoint yet.</summary>
    private sealed class Traffic : IObservedTraffic
    {
        public Task<TrafficPeak?> PeakAsync(string endpoint, CancellationToken cancellationToken) => Task.FromResult<TrafficPeak?>(null);
    }

    internal sealed class Captures(IReadOnlyList<CapturedRequest> requests) : ICapturedTraffic
    {
        public Task<IReadOnlyList<CapturedRequest>> ReadAsync(
            string endpoint, int count, string readBy, string purpose, CancellationToken cancellationToken) => Task.FromResult(requests);
    }

    private sealed class Blobs(string content, IReadOnlyDictionary<string, string>? files) : IBlobs
    {
        public Task<byte[]> GetAsync(BlobReference blob, CancellationToken cancellationToken) =>
            Task.FromResult(Encoding.UTF8.GetBytes(files?.GetValueOrDefault(blob.Name) ?? content));
    }
}
