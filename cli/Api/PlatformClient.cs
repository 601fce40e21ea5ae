using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace BlueGreen.Cli.Api;

/// <summary>The operators' API (<c>/api/v1</c>). Every failure is a <see cref="CommandFailure"/> with the exit code it means.</summary>
internal sealed class PlatformClient(HttpClient http)
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(30);

    public Uri Server => http.BaseAddress!;

    public static PlatformClient Create(Uri server, string? token)
    {
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = !server.IsLoopback };
        var http = new HttpClient(handler) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        if (!string.IsNullOrEmpty(token)) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return new PlatformClient(http);
    }

    public Task<JsonElement> EndpointsAsync(CancellationToken ct) => GetAsync("api/v1/endpoints", ct);

    public Task<JsonElement> EndpointAsync(string name, CancellationToken ct) =>
        GetAsync($"api/v1/endpoints/{Uri.EscapeDataString(name)}", ct);

    public Task<JsonElement> DeploymentsAsync(string endpoint, int limit, CancellationToken ct) =>
        GetAsync($"api/v1/deployments?endpoint={Uri.EscapeDataString(endpoint)}&limit={limit}", ct);

    public Task<JsonElement> DeploymentAsync(Guid id, CancellationToken ct) => GetAsync($"api/v1/deployments/{id}", ct);

    public async Task<DeploymentView> DeploymentViewAsync(Guid id, CancellationToken ct) =>
        (await DeploymentAsync(id, ct)).Deserialize(ApiJson.Default.DeploymentView)!;

    public Task<JsonElement> PromoteAsync(PromotionRequest promotion, CancellationToken ct) => SendAsync(
        HttpMethod.Post, "api/v1/deployments", JsonContent(JsonSerializer.Serialize(promotion, ApiJson.Default.PromotionRequest)), ct);

    public Task<JsonElement> RollBackAsync(Guid id, RollbackBody body, CancellationToken ct) => SendAsync(
        HttpMethod.Post, $"api/v1/deployments/{id}/rollback", JsonContent(JsonSerializer.Serialize(body, ApiJson.Default.RollbackBody)), ct);

    /// <param name="id">The deployment.</param>
    /// <param name="decision"><c>approve</c>, <c>reject</c> or <c>cancel</c>.</param>
    /// <param name="body">Who and why.</param>
    /// <param name="ct">Ends the wait for the answer.</param>
    public Task<JsonElement> DecideAsync(Guid id, string decision, DecisionBody body, CancellationToken ct) => SendAsync(
        HttpMethod.Post, $"api/v1/deployments/{id}/{decision}", JsonContent(JsonSerializer.Serialize(body, ApiJson.Default.DecisionBody)), ct);

    public Task PutBlobAsync(string sha256, string name, byte[] content, CancellationToken ct) => SendAsync(
        HttpMethod.Put, $"api/v1/blobs/{sha256}?name={Uri.EscapeDataString(name)}",
        new ByteArrayContent(content) { Headers = { ContentType = new("application/octet-stream") } }, ct);

    public Task<JsonElement> PutPolicyAsync(string endpoint, string text, bool dryRun, CancellationToken ct) => SendAsync(
        HttpMethod.Put, $"api/v1/endpoints/{Uri.EscapeDataString(endpoint)}{(dryRun ? "?dryRun=true" : "")}",
        new StringContent(text, Encoding.UTF8, "application/yaml"), ct);

    /// <summary>Opens the event stream of a deployment after the given event; the caller disposes of it.</summary>
    public async Task<HttpResponseMessage> OpenEventsAsync(Guid id, string? lastEventId, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/deployments/{id}/events");
        request.Headers.Accept.Add(new("text/event-stream"));
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await SendOrFailAsync(request, ct);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await ApiFailure.ReadAsync(response, ct);
    }

    public Task<JsonElement> PostAsync(string path, string json, CancellationToken ct) => SendAsync(HttpMethod.Post, path, JsonContent(json), ct);

    public Task<JsonElement> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, ct);

    /// <returns>Null when there is none.</returns>
    public async Task<JsonElement?> FindAsync(string path, CancellationToken ct)
    {
        try
        {
            return await GetAsync(path, ct);
        }
        catch (CommandFailure failure) when (failure.ExitCode == ExitCode.NotFound)
        {
            return null;
        }
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await SendOrFailAsync(request, ct);
        if (!response.IsSuccessStatusCode) throw await ApiFailure.ReadAsync(response, ct);
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if (response.StatusCode == HttpStatusCode.NoContent || body.Length == 0) return JsonElement.Parse("{}");
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            throw ApiFailure.NotThePlatform(Server);
        }
    }

    private async Task<HttpResponseMessage> SendOrFailAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(AnswerDeadline);
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        }
        catch (HttpRequestException failure)
        {
            throw ApiFailure.Unreachable(Server, failure.Message);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw ApiFailure.Unreachable(Server, $"no answer within {AnswerDeadline.TotalSeconds:0} s");
        }
    }

    private static StringContent JsonContent(string json) => new(json, Encoding.UTF8, "application/json");
}
