using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using BlueGreen.Contracts;
using BlueGreen.Demo.Hosting;
using BlueGreen.EnvManager;
using BlueGreen.Platform.Hosting;
using BlueGreen.Prewarmer;
using BlueGreen.Router;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlueGreen.EndToEnd.Tests;

/// <summary>Env-manager, prewarmer and router with a fleet of real processes, of which one is killed under traffic.</summary>
public sealed class RestartedReplicaTests : IDisposable
{
    private const string Token = "a-token-for-tests-only";
    private const int FewestWarmups = 20;
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-restart-").FullName;
    private readonly Guid _deployment = Guid.NewGuid();
    private readonly Guid _environment = Guid.NewGuid();

    private string Requests => Path.Combine(_folder, "requests");

    [Fact]
    public async Task Replica_KilledUnderTraffic_IsWarmedBeforeItGetsRequestsAgain()
    {
        var ct = TestContext.Current.CancellationToken;
        var control = $"http://127.0.0.1:{LoopbackPort.Choose(0)}";
        var inference = $"http://127.0.0.1:{LoopbackPort.Choose(0)}";
        var heard = new Ear(_deployment);
        await using var app = Build(control, inference, heard);
        await app.StartAsync(ct);
        try
        {
            await KillUnderTrafficAsync(app, heard, new Uri(control), new Uri(inference), ct);
        }
        finally
        {
            // With its model servers.
            await app.StopAsync(CancellationToken.None);
        }
    }

    private async Task KillUnderTrafficAsync(WebApplication app, Ear heard, Uri control, Uri inference, CancellationToken ct)
    {
        await GoLiveAsync(app, heard, ct);
        using var http = new HttpClient { BaseAddress = control };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var before = await ReplicasAsync(http, ct);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var traffic = AskAsync(inference, over.Token);

        using (var victim = Process.GetProcessById(before[1].ProcessId)) victim.Kill();
        ReplicaShown after;
        while ((after = (await ReplicasAsync(http, ct))[1]).Restarts == 0 || !Lines(after).Contains("client")) await PauseAsync(ct);

        await over.CancelAsync();
        var (answered, failed) = await traffic;
        var beforeTheFirst = Lines(after).TakeWhile(line => line == "warm-up").Count();
        Assert.True(beforeTheFirst >= FewestWarmups, $"a client's request came after {beforeTheFirst} of the warm-up");
        Assert.NotEqual(before[1].ProcessId, after.ProcessId);
        Assert.InRange(answered, 20, int.MaxValue);
        // Those that were at the replica when it was killed; one that is refused goes to the other.
        Assert.True(failed.Count <= 2, string.Join("; ", failed));
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task GoLiveAsync(WebApplication app, Ear heard, CancellationToken ct)
    {
        var bus = app.Services.GetRequiredService<IBus>();
        await bus.Publish(Provision(), ct);
        var fleet = (await heard.NextAsync<EnvironmentProvisioned>(ct)).Fleet;
        await bus.Publish(new WarmEnvironment
        {
            DeploymentId = _deployment,
            Attempt = 1,
            Endpoint = "fraud",
            Fleet = fleet,
            Warmup = new() { MinRequests = FewestWarmups, MaxRequests = 2000, StableWindow = 10, StableTolerance = 0.5 },
        }, ct);
        await heard.NextAsync<EnvironmentWarmed>(ct);
        await bus.Publish(new SwitchTraffic { DeploymentId = _deployment, Attempt = 1, Endpoint = "fraud", Fleet = fleet, ExpectedEpoch = 0 }, ct);
        await heard.NextAsync<TrafficSwitched>(ct);
    }

    private ProvisionEnvironment Provision()
    {
        var artifact = Path.Combine(_folder, "model.zip");
        File.WriteAllText(artifact, "a model");
        return new()
        {
            DeploymentId = _deployment,
            Attempt = 1,
            Endpoint = "fraud",
            EnvironmentId = _environment,
            Model = "fraud",
            Version = "7",
            Artifact = new() { Uri = new Uri($"file://{artifact}"), Sha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(artifact))) },
            Template = new()
            {
                Driver = "process",
                Protocol = "open-inference-v2",
                Replicas = 2,
                Command =
                [
                    "dotnet", Path.Combine(AppContext.BaseDirectory, "BlueGreen.EnvManager.StubServer.dll"),
                    "--model", "{artifact}", "--port", "{port}", "--log", Requests,
                ],
            },
            UnservedTtl = TimeSpan.FromHours(1),
        };
    }

    /// <summary>One request after the other until it is cancelled.</summary>
    private static async Task<(int Answered, IReadOnlyList<string> Failed)> AskAsync(Uri inference, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = inference };
        http.DefaultRequestHeaders.Add("X-Client", "1");
        var answered = 0;
        var failed = new List<string>();
        while (!ct.IsCancellationRequested)
        {
            using var body = new StringContent("""{"inputs":[{"name":"x","shape":[1,1],"datatype":"FP64","data":[1]}]}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync("/fraud/v2/models/fraud/infer", body, CancellationToken.None);
            if (answer.IsSuccessStatusCode) answered++;
            else failed.Add($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(CancellationToken.None)}");
        }

        return (answered, failed);
    }

    private string[] Lines(ReplicaShown replica)
    {
        var path = $"{Requests}.{replica.ProcessId}";
        return File.Exists(path) ? File.ReadAllLines(path) : [];
    }

    private static async Task<IReadOnlyList<ReplicaShown>> ReplicasAsync(HttpClient http, CancellationToken ct) =>
        (await http.GetFromJsonAsync<IReadOnlyList<EnvironmentShown>>("/api/v1/environments", ct))!.Single().Replicas;

    private static Task PauseAsync(CancellationToken ct) => Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);

    private WebApplication Build(string control, string inference, Ear heard) => PlatformHost.Build(
        ["--urls", control], [new EnvManagerService(), new PrewarmerService(), new RouterService(), heard], builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["BlueGreen:DataDirectory"] = _folder,
                ["BlueGreen:Database:ConnectionString"] = $"Data Source={Path.Combine(_folder, "bluegreen.db")}",
                ["BlueGreen:Api:Token"] = Token,
                ["BlueGreen:Router:InferenceUrl"] = inference,
                ["BlueGreen:EnvManager:StopEnvironmentsOnShutdown"] = "true",
                ["BlueGreen:EnvManager:WatchInterval"] = "00:00:00.050",
                ["BlueGreen:EnvManager:ReferenceSettleTime"] = "00:00:00.100",
            });
            builder.Logging.ClearProviders();
        });

    private sealed record EnvironmentShown(Guid Id, IReadOnlyList<ReplicaShown> Replicas);

    private sealed record ReplicaShown(int Index, int ProcessId, int Restarts);

    /// <summary>Stands where the saga would.</summary>
    private sealed class Ear(Guid deployment) : IPlatformService
    {
        private readonly Guid _deployment = deployment;
        private readonly ConcurrentQueue<object> _messages = new();

        public string Name => "listener";

        public void AddServices(IHostApplicationBuilder builder) => builder.Services.AddSingleton(this);

        public void AddConsumers(IBusRegistrationConfigurator bus) => bus.AddConsumer<Listener>();

        public void MapEndpoints(IEndpointRouteBuilder endpoints)
        {
        }

        public async Task<T> NextAsync<T>(CancellationToken ct)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(TimeSpan.FromSeconds(60));
            while (true)
            {
                if (_messages.OfType<T>().FirstOrDefault() is { } found) return found;
                Assert.False(limit.IsCancellationRequested, $"no {typeof(T).Name} among: {string.Join("; ", _messages)}");
                await PauseAsync(ct);
            }
        }

        internal sealed class Listener(Ear ear) :
            IConsumer<EnvironmentProvisioned>, IConsumer<EnvironmentWarmed>, IConsumer<WarmingFailed>, IConsumer<TrafficSwitched>
        {
            public Task Consume(ConsumeContext<EnvironmentProvisioned> context) => Hear(context.Message);
            public Task Consume(ConsumeContext<EnvironmentWarmed> context) => Hear(context.Message);
            public Task Consume(ConsumeContext<WarmingFailed> context) => Hear(context.Message);
            public Task Consume(ConsumeContext<TrafficSwitched> context) => Hear(context.Message);

            // The services rehearse their messages at start: those are heard too.
            private Task Hear(IDeploymentMessage message)
            {
                if (message.DeploymentId == ear._deployment) ear._messages.Enqueue(message);
                return Task.CompletedTask;
            }
        }
    }
}
