namespace BlueGreen.Router.Drivers.Kubernetes.Api;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Watching {Resource} failed; it is begun anew")]
    public static partial void WatchFailed(ILogger logger, KubernetesResource resource, Exception exception);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The watch of {Resource} from version {Version} came too late; listing again")]
    public static partial void WatchTooLate(ILogger logger, KubernetesResource resource, string version);
}
