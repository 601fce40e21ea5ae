namespace BlueGreen.Demo.Hosting;

/// <summary>A platform that the stories are played on, whichever way it is laid out; disposing it ends it.</summary>
internal interface IRunningPlatform : IAsyncDisposable
{
    /// <summary>Where clients of the models go.</summary>
    Uri Inference { get; }

    /// <summary>The operators' API.</summary>
    Uri Control { get; }

    /// <summary>Where registries post to.</summary>
    Uri Webhooks { get; }

    /// <summary>Where alerting systems post to.</summary>
    Uri Alarms { get; }

    RunSecrets Secrets { get; }
}
