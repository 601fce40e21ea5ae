using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.EnvManager.Tests.Fixture;

/// <summary>An S3-compatible store, an MLflow server and a web server that loses connections, as strict as their documentation.</summary>
internal sealed class ArtifactServer : IAsyncDisposable
{
    public const string AccessKey = "tests";
    public const string SecretKey = "tests-secret";
    private const string AccessToken = "an-access-token";
    private readonly WebApplication _app;

    private ArtifactServer(WebApplication app) => _app = app;

    public byte[] Model { get; set; } = RandomNumberGenerator.GetBytes(400_000);
    public string Tag { get; set; } = "\"one\"";
    public ConcurrentQueue<string> Requests { get; } = new();
    public Uri Url => new(_app.Urls.First());

    /// <summary>What <c>get-download-uri</c> answers.</summary>
    public string DownloadUri { get; set; } = "mlflow-artifacts:/0/run7/artifacts/model";

    public static async Task<ArtifactServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var server = new ArtifactServer(app);
        app.MapGet("/flaky.zip", server.FlakyAsync);
        app.MapGet("/models/{**key}", server.Object);
        app.MapGet("/token", server.Token);
        app.MapGet("/my_models.example/{**key}", server.ObjectOfHolder);
        app.MapGet("/api/2.0/mlflow/model-versions/get-download-uri", (string name, string version) => name == "fraud model" && version == "7"
            ? Results.Json(new { artifact_uri = server.DownloadUri })
            : Results.Json(new { error_code = "RESOURCE_DOES_NOT_EXIST" }, statusCode: 404));
        app.MapGet("/api/2.0/mlflow/logged-models/m-1", () => Results.Json(
            new { model = new { info = new { model_id = "m-1", artifact_uri = "mlflow-artifacts:/0/models/m-1/artifacts" } } }));
        app.MapGet("/api/2.0/mlflow-artifacts/artifacts", (string path) => Results.Json(new { files = Files(path) }));
        app.MapGet("/api/2.0/mlflow-artifacts/artifacts/{**path}", (string path) =>
        {
            server.Requests.Enqueue(path);
            return path.EndsWith(".zip", StringComparison.Ordinal) ? Results.Bytes(server.Model) : Results.StatusCode(404);
        });
        app.MapGet("/api/2.0/mlflow/model-versions/list-artifacts", Listed);
        app.MapGet("/api/2.0/mlflow/model-versions/get-signed-download-uri", (string path) => Results.Json(new
        {
            signed_uri = path == "moved.zip" ? "http://elsewhere.invalid/moved.zip" : new Uri(server.Url, $"signed/{path}?sig=s").AbsoluteUri,
            headers = new[] { new { name = "x-store-key", value = "k" } },
        }));
        app.MapGet("/signed/{**path}", server.Signed);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static object[] Files(string path) => path switch
    {
        "0/run7/artifacts/model" or "0/models/m-1/artifacts" =>
            [new { path = "MLmodel", is_dir = false, file_size = 9 }, new { path = "code", is_dir = true }, new { path = "model.zip", is_dir = false, file_size = 4 }],
        "0/two" => [new { path = "a.zip", is_dir = false }, new { path = "b.zip", is_dir = false }],
        "0/whole" => [new { path = "b.zip", is_dir = false }, new { path = "..", is_dir = true }, new { path = "inner", is_dir = true }],
        "0/whole/inner" => [new { path = "a.zip", is_dir = false }, new { path = "../c.zip", is_dir = false }],
        _ => [],
    };

    /// <summary>A version that Databricks keeps: paths are those of the version, two entries to a page.</summary>
    private static IResult Listed(string name, string version, string path, string? page_token)
    {
        if (name != "fraud model" || version != "7") return Results.Json(new { error_code = "RESOURCE_DOES_NOT_EXIST" }, statusCode: 404);
        object[] all = path switch
        {
            "" => [File("MLmodel"), Folder("data"), File("model.zip"), File("../escape.zip"), File("conda.yaml")],
            "data" => [File("data/a.zip"), File("data/b.zip"), File("other/c.zip")],
            "model.zip" => [File("model.zip")],
            _ => [],
        };
        const int Page = 2;
        var from = page_token is null ? 0 : int.Parse(page_token, CultureInfo.InvariantCulture);
        return Results.Json(new
        {
            files = all.Skip(from).Take(Page),
            next_page_token = from + Page < all.Length ? (from + Page).ToString(CultureInfo.InvariantCulture) : null,
        });

        static object File(string path) => new { path, is_dir = false, file_size = 4 };
        static object Folder(string path) => new { path, is_dir = true };
    }

    /// <summary>The cloud's store takes the signature and the headers that go with it, and no credentials of the registry's.</summary>
    private IResult Signed(HttpContext context, string path)
    {
        var request = context.Request;
        if (request.Query["sig"] != "s" || request.Headers["x-store-key"] != "k" || request.Headers.Authorization.Count > 0) return Results.StatusCode(403);
        Requests.Enqueue(path);
        return path.EndsWith(".zip", StringComparison.Ordinal) || !path.Contains('.', StringComparison.Ordinal) || path == "conda.yaml"
            ? Results.Bytes(Model) : Results.StatusCode(404);
    }

    /// <summary>Each connection breaks after 150,000 bytes.</summary>
    private async Task FlakyAsync(HttpContext context)
    {
        const int Share = 150_000;
        var from = 0;
        var range = context.Request.GetTypedHeaders().Range?.Ranges.Single().From;
        if (range is { } start && (context.Request.Headers.IfRange.Count == 0 || context.Request.Headers.IfRange == Tag))
        {
            from = (int)start;
            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{Model.Length - 1}/{Model.Length}";
        }

        Requests.Enqueue(from.ToString(CultureInfo.InvariantCulture));
        context.Response.Headers.ETag = Tag;
        context.Response.ContentLength = Model.Length - from;
        var end = Math.Min(Model.Length, from + Share);
        await context.Response.Body.WriteAsync(Model.AsMemory(from, end - from), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        if (end < Model.Length) context.Abort();
    }

    /// <summary>A machine's metadata server.</summary>
    private IResult Token(HttpContext context)
    {
        if (context.Request.Headers["Metadata-Flavor"] != "Google") return Results.StatusCode(403);
        Requests.Enqueue("token");
        return Results.Json(new { access_token = AccessToken, expires_in = 3599, token_type = "Bearer" });
    }

    private IResult ObjectOfHolder(HttpContext context)
    {
        if (context.Request.Headers.Authorization != $"Bearer {AccessToken}") return Results.StatusCode(401);
        Requests.Enqueue(context.Request.Path);
        return Results.Bytes(Model);
    }

    /// <summary>Path style, signature version 4, computed here once more from what arrived.</summary>
    private IResult Object(HttpContext context)
    {
        var request = context.Request;
        var parts = request.Headers.Authorization.ToString()["AWS4-HMAC-SHA256 ".Length..].Split(',').Select(part => part.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var scope = parts["Credential"].Split('/', 2);
        var names = parts["SignedHeaders"].Split(';');
        var rawPath = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var canonical = $"GET\n{rawPath}\n\n{string.Concat(names.Select(name => $"{name}:{request.Headers[name]}\n"))}\n{parts["SignedHeaders"]}\n{request.Headers["x-amz-content-sha256"]}";
        var text = $"AWS4-HMAC-SHA256\n{request.Headers["x-amz-date"]}\n{scope[1]}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope[1].Split('/').Aggregate(Encoding.UTF8.GetBytes($"AWS4{SecretKey}"), (secret, word) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(word)));
        var expected = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        if (scope[0] != AccessKey || expected != parts["Signature"] || !names.Contains("host")) return Results.StatusCode(403);
        Requests.Enqueue(rawPath);
        return rawPath.EndsWith("missing", StringComparison.Ordinal) ? Results.StatusCode(404) : Results.Bytes(Model);
    }
}
