using BlueGreen.ModelServer.Models;

namespace BlueGreen.ModelServer.Serving;

/// <summary>
/// Loads the model beside the listening server, so that probes are answered during the cold start. A model that cannot be
/// loaded ends the process: nothing could make it ready.
/// </summary>
internal sealed class ModelLoader(
    ServeArguments arguments, ModelSlot slot, IHostApplicationLifetime lifetime, ILogger<ModelLoader> logger)
    : BackgroundService
{
    public bool Failed { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.ApplicationStarted.WaitAsync(stoppingToken);
        try
        {
            slot.Fill(await Task.Run(Load, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            Failed = true;
            logger.ModelNotLoaded(arguments.Model, e);
            lifetime.StopApplication();
        }
    }

    private ServedModel Load()
    {
        using var file = File.OpenRead(arguments.Model);
        return new ServedModel(ModelArtifact.Read(file));
    }
}
