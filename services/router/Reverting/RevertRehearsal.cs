using System.Text.Json;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Rehearsing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Reverting;

/// <summary>
/// Goes the way of a revert once after start-up, without reverting anything: what is compiled on first use would otherwise add a tenth of
/// a second to the one call that must not wait.
/// </summary>
internal sealed class RevertRehearsal(
    RevertService reverts, VetoJournal journal, VetoReconciler reconciler, IServer server, IOptions<ApiOptions> api, ILogger<RevertRehearsal> log)
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
            // An empty body is refused after the token and the body have been looked at.
            await SelfCall.PostAsync(server, "/routes/-/revert", "{}", api.Value.Token, stoppingToken);
            await reconciler.RehearseAsync(stoppingToken);
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
}
