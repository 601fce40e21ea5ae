using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Platform.Rehearsing;

/// <summary>A request of a process to itself: the way into an endpoint is compiled as well, not only what is behind it.</summary>
public static class SelfCall
{
    /// <summary>Posts JSON; whatever is answered is right. Does nothing where the process does not listen on plain HTTP.</summary>
    /// <param name="server">The process's own server, started.</param>
    /// <param name="path">Beginning with a slash.</param>
    /// <param name="json">The body.</param>
    /// <param name="token">Bearer token; null: none.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public static async Task PostAsync(IServer server, string path, string json, string? token, CancellationToken cancellationToken)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(url => url.StartsWith("http:", StringComparison.Ordinal));
        if (address is null) return;
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(Reachable(address, path), body, cancellationToken);
    }

    private static Uri Reachable(string bound, string path)
    {
        var any = BindingAddress.Parse(bound);
        var host = any.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : any.Host;
        return new Uri($"http://{host}:{any.Port}{path}");
    }
}
