using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Orchestrator.Endpoints;
using BlueGreen.Orchestrator.History;
using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Orchestrator.Policies;
using BlueGreen.Platform.Faults;
using BlueGreen.Platform.Hosting;
using BlueGreen.Platform.Persistence;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Orchestrator.Tests.Deployments.Fixture;

/// <summary>The real orchestrator on SQLite and the embedded bus; the test plays the other services.</summary>
internal sealed class SagaHost : IAsyncDisposable
{
    public const string Endpoint = "fraud";
    public const string Token = "a-token-for-tests-only";
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-saga-").FullName;
    private WebApplication _app = null!;

    private SagaHost(IReadOnlyDictionary<string, string?> settings) => Settings = new Dictionary<string, string?>(settings)
    {
        ["BlueGreen:DataDirectory"] = _folder,
        ["BlueGreen:Api:Token"] = Token,
    };

    public Transcript Transcript { get; } = new();
    public IServiceStore<OrchestratorDbContext> Store => _app.Services.GetRequiredService<IServiceStore<OrchestratorDbContext>>();
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="policy">Changes the quick policy.</param>
    /// <param name="settings">Other servers than SQLite and the embedded bus.</param>
    public static async Task<SagaHost> StartAsync(
        Func<EndpointPolicy, EndpointPolicy>? policy = null, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var host = new SagaHost(settings ?? new Dictionary<string, string?>());
        await host.RunAsync();
        var written = PolicyJson.Write((policy ?? (p => p))(Policies.Quick));
        await host.Store.WriteAsync((transaction, _) =>
        {
            transaction.Db.Endpoints.Add(new EndpointRow
            {
                Name = Endpoint,
                PolicyText = written,
                PolicyJson = written,
                PolicyHash = PolicyJson.Hash(written),
                Revision = 1,
                Path = "/fraud",
                UpdatedAt = TimeProvider.System.GetUtcNow(),
            });
            return Task.FromResult(true);
        }, Cancelled);
        return host;
    }

    /// <summary>Everything that another process needs to be the orchestrator of the same data.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>Starts on the data that is there.</summary>
    public Task RunAsync()
    {
        _app = PlatformHost.Build(["--urls", "http://127.0.0.1:0"], [new OrchestratorService(), new ListeningService(Transcript)], builder =>
        {
            builder.Configuration.AddInMemoryCollection(Settings);
            builder.Logging.ClearProviders();
        });
        return _app.StartAsync(Cancelled);
    }

    public async Task StopAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public Task PublishAsync<T>(T message) where T : class => Store.WriteAsync(async (transaction, token) =>
    {
        await transaction.PublishAsync(message, token);
        return true;
    }, Cancelled);

    /// <summary>What a service says that has used up its tries of a command.</summary>
    public async Task<Guid> FaultAsync<T>(T command, string service = "worker", string queue = "worker-queue") where T : class, IStageMessage
    {
        var envelope = JsonSerializer.SerializeToUtf8Bytes(
            new { messageType = new[] { MessageUrn.ForTypeString<T>() }, message = command }, SystemTextJsonMessageSerializer.Options);
        var fault = new MessageFaulted
        {
            FaultId = Guid.NewGuid(),
            Kind = FaultKind.Message,
            Service = service,
            Queue = queue,
            MessageType = typeof(T).Name,
            ContentType = "application/vnd.masstransit+json",
            Body = Convert.ToBase64String(envelope),
            Headers = new Dictionary<string, string>(),
            DeploymentId = command.DeploymentId,
            Attempt = command.Attempt,
            ExceptionType = typeof(InvalidOperationException).FullName!,
            ExceptionMessage = "it was not to be",
            FaultedAt = TimeProvider.System.GetUtcNow(),
        };
        await PublishAsync(fault);
        return fault.FaultId;
    }

    /// <summary>What a service says that has used up its tries of a work item.</summary>
    public async Task<Guid> FaultWorkAsync(string service, string kind, object command)
    {
        var fault = FaultRecords.OfWork(
            service, kind, JsonSerializer.SerializeToUtf8Bytes(command), new InvalidOperationException("it was not to be"), isAnswered: false,
            TimeProvider.System.GetUtcNow());
        await PublishAsync(fault);
        return fault.FaultId;
    }

    /// <summary>A client of the API with an operator's token.</summary>
    public HttpClient Operator()
    {
        var client = new HttpClient { BaseAddress = new Uri($"{_app.Urls.First()}/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>An operator's decision, as the API answers it.</summary>
    public async Task<(HttpStatusCode Status, string Body)> DecideAsync(Guid id, string verb, object body)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await http.PostAsJsonAsync($"/api/v1/deployments/{id}/{verb}", body, Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>Asks or tells the operators' API, <c>/api/v1/</c> and the path.</summary>
    public async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpMethod method, string path, object? body = null)
    {
        using var http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var request = new HttpRequestMessage(method, $"/api/v1/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await http.SendAsync(request, Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancelled));
    }

    public async Task<Guid> PromoteAsync(string version, DateTimeOffset? at = null, string? by = null)
    {
        var id = Guid.NewGuid();
        await PublishAsync(new ModelPromoted
        {
            DeploymentId = id,
            Endpoint = Endpoint,
            Model = "fraud",
            Version = version,
            Artifact = new ArtifactReference { Uri = new Uri("file:///m.zip"), Sha256 = new string('a', 64) },
            Source = "generic",
            PromotedBy = by,
            PromotedAt = at ?? TimeProvider.System.GetUtcNow(),
        });
        return id;
    }

    public Task<Deployment?> FindAsync(Guid id) =>
        Store.ReadAsync((db, token) => db.Deployments.SingleOrDefaultAsync(row => row.CorrelationId == id, token), Cancelled);

    public Task<EndpointRow> EndpointAsync() => Store.ReadAsync((db, token) => db.Endpoints.SingleAsync(token), Cancelled);

    public Task<List<T>> HistoryAsync<T>(Guid id, string kind, System.Linq.Expressions.Expression<Func<HistoryRow, T>> what) =>
        Store.ReadAsync((db, token) => db.History.Where(row => row.DeploymentId == id && row.Kind == kind)
            .OrderBy(row => row.Sequence).Select(what).ToListAsync(token), Cancelled);

    public async Task<Deployment> UntilStateAsync(Guid id, string state)
    {
        Deployment? row = null;
        await UntilAsync(async () => (row = await FindAsync(id))?.CurrentState == state, () => $"{row?.CurrentState}: {row?.Reason}");
        return row!;
    }

    public async Task<T> UntilSaidAsync<T>(Guid id, int attempt = 1) where T : IDeploymentMessage
    {
        T? said = default;
        await UntilAsync(() => Task.FromResult(
            (said = Transcript.Of<T>(id).FirstOrDefault(m => m is not IStageMessage s || s.Attempt == attempt)) is not null));
        return said!;
    }

    public static async Task UntilAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
        }
        catch (OperationCanceledException) when (!Cancelled.IsCancellationRequested)
        {
            Assert.Fail($"It did not come to this within 30 s. {otherwise?.Invoke()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
