using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlueGreen.Router.Drivers.Http;

/// <summary>
/// Anything that answers <c>GET /route</c> with a JSON object and takes one by PUT or POST: <c>{"active_backend": "…"}</c>. Beside it the object
/// carries who is meant and a <c>mark</c>, which the target must give back as it got it. Where it sends an <c>ETag</c>, a write is
/// conditional on it.
/// </summary>
internal sealed class HttpRouteDriver(IHttpClientFactory clients) : ITrafficDriver
{
    private const string Backend = "active_backend";

    public string Kind => "http";

    public IReadOnlyList<string> Check(DriverSettings settings)
    {
        var problems = settings.Missing([], ["address"]).ToList();
        if (settings.FromOperator("method", "PUT") is not ("PUT" or "POST")) problems.Add($"BlueGreen:Router:Drivers:{settings.Target}:method must be PUT or POST.");
        if (!Uri.TryCreate(settings.FromOperator("address"), UriKind.Absolute, out _))
            problems.Add($"BlueGreen:Router:Drivers:{settings.Target}:address must be the absolute address of the route, e.g. http://lb:9000/route.");
        return problems;
    }

    public string Describe(DriverRoute route) => $"{Backend} {BackendOf(route)}";

    public async Task<DriverReading> ReadAsync(DriverRoute route, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(HttpMethod.Get, route);
            using var client = clients.CreateClient(nameof(HttpRouteDriver));
            using var response = await client.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound) return DriverReading.Of("", mark: null);
            if (!response.IsSuccessStatusCode) return DriverReading.Failed($"GET {request.RequestUri} was answered {(int)response.StatusCode}.");
            var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) as JsonObject;
            var backend = (body?[Backend] as JsonValue)?.ToString();
            var mark = DriverMark.Read((body?["mark"] as JsonValue)?.ToString());
            return DriverReading.Of(backend is null ? "" : $"{Backend} {backend}", mark, response.Headers.ETag?.ToString());
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return DriverReading.Failed(exception.Message);
        }
    }

    public async Task<DriverResult> ApplyAsync(DriverRoute route, DriverReading seen, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(new HttpMethod(route.Settings.FromOperator("method", "PUT")), route);
            if (seen.Token is { } tag && EntityTagHeaderValue.TryParse(tag, out var entityTag)) request.Headers.IfMatch.Add(entityTag);
            request.Content = JsonContent.Create(new Dictionary<string, object>
            {
                [Backend] = BackendOf(route),
                ["endpoint"] = route.Endpoint,
                ["model"] = route.Live.Model,
                ["version"] = route.Live.Version,
                ["epoch"] = route.Epoch,
                ["servers"] = DriverAddresses.Of(route.Live),
                ["mark"] = DriverMark.Of(route, Describe(route)).ToString(),
            });
            using var client = clients.CreateClient(nameof(HttpRouteDriver));
            using var response = await client.SendAsync(request, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.PreconditionFailed => DriverResult.Failed("The route was changed while it was being changed."),
                _ when response.IsSuccessStatusCode => await KeptAsync(route, cancellationToken),
                _ => DriverResult.Failed($"{request.Method} {request.RequestUri} was answered {(int)response.StatusCode}."),
            };
        }
        catch (HttpRequestException exception)
        {
            return DriverResult.Failed(exception.Message);
        }
    }

    /// <summary>Without the mark nobody could tell our word from somebody else's.</summary>
    private async Task<DriverResult> KeptAsync(DriverRoute route, CancellationToken cancellationToken) =>
        (await ReadAsync(route, cancellationToken)) is { Failure: null, Mark: null }
            ? DriverResult.Failed("The target took the route, but does not give back its 'mark': changes by others could not be told from ours.")
            : DriverResult.Done;

    private static HttpRequestMessage Request(HttpMethod method, DriverRoute route)
    {
        var address = route.Settings.FromOperator("address")!.Replace("{endpoint}", Uri.EscapeDataString(route.Endpoint), StringComparison.Ordinal);
        var request = new HttpRequestMessage(method, address);
        if (route.Settings.FromOperator("token") is { } token) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static string BackendOf(DriverRoute route) => route.Settings.FromOwner("backend", "{environment}")
        .Replace("{environment}", route.Live.EnvironmentId.ToString(), StringComparison.Ordinal)
        .Replace("{deployment}", route.Live.DeploymentId.ToString(), StringComparison.Ordinal)
        .Replace("{model}", route.Live.Model, StringComparison.Ordinal)
        .Replace("{version}", route.Live.Version, StringComparison.Ordinal)
        .Replace("{servers}", string.Join(',', DriverAddresses.Of(route.Live)), StringComparison.Ordinal);
}
