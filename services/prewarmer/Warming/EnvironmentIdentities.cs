using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;
using Microsoft.Extensions.Options;

namespace BlueGreen.Prewarmer.Warming;

/// <summary>Asks who runs the replicas: <c>GET /api/v1/environments</c> of env-manager, process id and restarts.</summary>
internal sealed class EnvironmentIdentities(
    IHttpClientFactory clients, IOptionsMonitor<ServiceAddresses> addresses, ILogger<EnvironmentIdentities> logger) : IReplicaIdentities
{
    public const string HttpClient = "prewarmer-environments";

    public async Task<string?> OfAsync(WarmEnvironment command, int replica, CancellationToken cancellationToken)
    {
        var address = new Uri(
            addresses.CurrentValue.EnvManagerUrl, $"api/v1/environments?endpoint={Uri.EscapeDataString(command.Endpoint)}");
        try
        {
            using var client = clients.CreateClient(HttpClient);
            var environments = await client.GetFromJsonAsync<IReadOnlyList<EnvironmentShown>>(address, cancellationToken) ?? [];
            var shown = environments.FirstOrDefault(environment => environment.Id == command.Fleet.EnvironmentId)
                ?.Replicas?.FirstOrDefault(one => one.Index == replica);
            return shown is null ? null : $"{shown.ProcessId}/{shown.Restarts}";
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unknown(command, "no answer in time");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException)
        {
            return Unknown(command, failure.Message);
        }
    }

    private string? Unknown(WarmEnvironment command, string reason)
    {
        logger.IdentityUnknown(command.Endpoint, reason);
        return null;
    }

    private sealed record EnvironmentShown(Guid Id, IReadOnlyList<ReplicaShown>? Replicas);

    private sealed record ReplicaShown(int Index, JsonElement? ProcessId, int Restarts);
}
