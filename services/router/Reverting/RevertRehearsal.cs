using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using BlueGreen.Platform.Http;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Reverting;

/// <summary>
/// Goes the way of a revert once after start-up, without reverting anything: what is compiled on first use would otherwise add a tenth of
/// a second to the one call that must not wait.
/// </summary>
internal sealed class RevertRehearsal(
    RevertService reverts, VetoJournal journal, IServer server, IOptions<ApiOptions> api, ILogger<RevertRehearsal> log)
    : BackgroundService, IHostedLifecycleService
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started.TrySetResult();
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await _started.Task.WaitAsync(stoppingToken);
            await journal.RehearseAsync();
            await reverts.RevertAsync(endpoint: "", Guid.Empty, "rehearsal", "router", stoppingToken);
            JsonSerializer.SerializeToUtf8Bytes(new RevertResponse
            {
                Endpoint = "",
                DeploymentId = Guid.Empty,
                Moved = false,
                AlreadyReverted = false,
                Epoch = "0",
                LiveEnvironmentId = null,
                RevertedAt = default,
                ElapsedMilliseconds = 0,
            }, JsonSerializerOptions.Web);
            await CallAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping.
        }
        catch (Exception exception)
        {
            Log.RehearsalFailed(log, exception);
        }
    }

    /// <summary>An empty body is refused after the token and the body have been looked at.</summary>
    private async Task CallAsync(CancellationToken cancellationToken)
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(url => url.StartsWith("http:", StringComparison.Ordinal));
        if (address is null) return;
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", api.Value.Token);
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(SelfAddress(address), body, cancellationToken);
    }

    private static Uri SelfAddress(string bound)
    {
        var any = BindingAddress.Parse(bound);
        var host = any.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : any.Host;
        return new Uri($"http://{host}:{any.Port}/routes/-/revert");
    }
}
