using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>
/// A Kubernetes API server that is strict where a real one is: token, paths, query, content types per kind, resource versions, unknown fields,
/// values, and watches that know only recent versions. It shares no code with the client.
/// </summary>
internal sealed class FakeCluster : IAsyncDisposable
{
    public const string Token = "token-of-the-router";
    public const string Namespace = "ml";

    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["/api/v1/namespaces/ml/services"] = "services",
        ["/api/v1/namespaces/ml/pods"] = "pods",
        ["/apis/discovery.k8s.io/v1/namespaces/ml/endpointslices"] = "endpointslices",
        ["/apis/gateway.networking.k8s.io/v1/namespaces/ml/httproutes"] = "httproutes",
        ["/apis/networking.istio.io/v1/namespaces/ml/virtualservices"] = "virtualservices",
        ["/apis/networking.istio.io/v1/namespaces/ml/destinationrules"] = "destinationrules",
    };

    private readonly WebApplication _app;
    private CancellationTokenSource _watches = new();

    private FakeCluster(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.First());
    public FakeStore Store { get; } = new();
    public FakeControllers Controllers { get; private set; } = null!;

    /// <summary>Method, path and content type of what was asked.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Runs before a patch is looked at: somebody who is faster.</summary>
    public Action<string>? BeforePatch { get; set; }

    /// <summary>Who watches from a forgotten version is told so by the answer's status; else by a line in the stream.</summary>
    public bool SaysGoneByStatus { get; set; }
    public int Watching;

    /// <summary>The bearer token that is good; null: none is.</summary>
    public string? Accepted { get; set; } = Token;

    /// <summary>The client certificate that is good, too, by its thumbprint.</summary>
    public string? AcceptedCertificate { get; set; }

    /// <param name="certificate">Its own, with its key; null: it speaks without TLS.</param>
    public static async Task<FakeCluster> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is null) return;
            listen.UseHttps(new HttpsConnectionAdapterOptions
            {
                ServerCertificate = certificate,
                ClientCertificateMode = ClientCertificateMode.AllowCertificate,
                ClientCertificateValidation = (_, _, _) => true,
            });
        }));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var cluster = new FakeCluster(app);
        cluster.Controllers = new FakeControllers(cluster.Store);
        app.Run(cluster.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await _watches.CancelAsync();
        await _app.DisposeAsync();
        _watches.Dispose();
    }

    /// <summary>Nobody answers any more.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    /// <summary>Every watch ends in mid-air.</summary>
    public void CutWatches() => Interlocked.Exchange(ref _watches, new CancellationTokenSource()).Cancel();

    private async Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        Requests.Enqueue($"{request.Method} {request.Path}{(request.Query.ContainsKey("watch") ? "?watch" : "")} {request.ContentType}".TrimEnd());
        if (!IsKnown(context)) await RefuseAsync(context, 401, "Unauthorized");
        else if (Paths.TryGetValue(request.Path, out var all)) await ListAsync(context, all);
        else if (Paths.TryGetValue(Parent(request.Path), out var plural)) await OneAsync(context, plural, request.Path.Value!.Split('/')[^1]);
        else await RefuseAsync(context, 404, "the server could not find the requested resource");
    }

    private bool IsKnown(HttpContext context) =>
        (Accepted is not null && context.Request.Headers.Authorization == $"Bearer {Accepted}")
        || (AcceptedCertificate is not null && context.Connection.ClientCertificate?.Thumbprint == AcceptedCertificate);

    private async Task OneAsync(HttpContext context, string plural, string name)
    {
        if (HttpMethods.IsPatch(context.Request.Method)) BeforePatch?.Invoke(plural);
        var item = Store.Find(plural, name);
        if (item is null) await RefuseAsync(context, 404, $"{plural} \"{name}\" not found");
        else if (HttpMethods.IsGet(context.Request.Method)) await SendAsync(context, 200, item);
        else if (HttpMethods.IsPatch(context.Request.Method)) await PatchAsync(context, plural, item);
        else await RefuseAsync(context, 405, "the server does not allow this method on the requested resource");
    }

    private async Task PatchAsync(HttpContext context, string plural, JsonObject item)
    {
        var type = context.Request.ContentType?.Split(';')[0];
        var isStrategic = type == FakePatch.StrategicMerge;
        if (!(type == FakePatch.Merge || (isStrategic && plural is "services" or "pods")) || (isStrategic && plural is not ("services" or "pods")))
        {
            await RefuseAsync(context, 415, $"the body of the request was in an unknown format: {type}");
            return;
        }

        if (context.Request.Query.Keys.FirstOrDefault(key => key is not ("fieldManager" or "fieldValidation" or "dryRun")) is { } odd)
        {
            await RefuseAsync(context, 400, $"unknown parameter {odd}");
            return;
        }

        var (status, result) = Patched(plural, item, await JsonNode.ParseAsync(context.Request.Body) as JsonObject, isStrategic);
        if (result is JsonObject after) await SendAsync(context, status, after);
        else await RefuseAsync(context, status, result?.ToString() ?? "");
    }

    private (int Status, JsonNode? Result) Patched(string plural, JsonObject item, JsonObject? patch, bool isStrategic)
    {
        if (patch is null || FakePatch.Apply(item, patch, isStrategic) is not { } after) return (400, "unable to decode the patch");
        if (FakeSchema.Unknown(plural, after) is { } unknown) return (400, $"strict decoding error: unknown field \"{unknown}\"");
        if (after["metadata"]?["name"]?.ToString() != item["metadata"]!["name"]!.ToString()) return (422, "metadata.name: field is immutable");
        if (FakeRules.Broken(plural, after) is { } broken) return (422, broken);
        var made = Store.Swap(plural, after, patch["metadata"]?["resourceVersion"]?.ToString());
        if (made is null) return (409, "the object has been modified; please apply your changes to the latest version and try again");
        Controllers.Changed(plural);
        return (200, made);
    }

    private async Task ListAsync(HttpContext context, string plural)
    {
        var query = context.Request.Query;
        if (query.Keys.FirstOrDefault(key => key is not ("fieldSelector" or "labelSelector" or "watch" or "resourceVersion" or "timeoutSeconds" or "allowWatchBookmarks")) is { } odd)
        {
            await RefuseAsync(context, 400, $"unknown parameter {odd}");
            return;
        }

        bool IsMeant(JsonObject item) => FakeSelectors.Fits(item, query["fieldSelector"], query["labelSelector"]);
        if (query["watch"] == "1")
        {
            await WatchAsync(context, plural, IsMeant);
            return;
        }

        var (items, version) = Store.List(plural, IsMeant);
        await SendAsync(context, 200, new JsonObject
        {
            ["kind"] = "List",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
            ["items"] = new JsonArray([.. items]),
        });
    }

    private async Task WatchAsync(HttpContext context, string plural, Func<JsonObject, bool> isMeant)
    {
        var from = long.Parse(context.Request.Query["resourceVersion"]!, CultureInfo.InvariantCulture);
        var seconds = int.Parse(context.Request.Query["timeoutSeconds"]!, CultureInfo.InvariantCulture);
        if (from < Store.Forgotten && SaysGoneByStatus)
        {
            await RefuseAsync(context, 410, "too old resource version");
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.FlushAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted, _watches.Token);
        Interlocked.Increment(ref Watching);
        try
        {
            await new FakeWatch(context, Store, plural, isMeant).RunAsync(from, both.Token);
        }
        catch (OperationCanceledException)
        {
            if (!limit.IsCancellationRequested) context.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref Watching);
        }
    }

    private static string Parent(PathString path) => path.Value![..Math.Max(0, path.Value!.LastIndexOf('/'))];

    private static Task RefuseAsync(HttpContext context, int status, string message) => SendAsync(context, status, new JsonObject
    {
        ["kind"] = "Status",
        ["status"] = "Failure",
        ["message"] = message,
        ["code"] = status,
    });

    private static Task SendAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(JsonSerializerOptions.Default));
    }
}
