namespace BlueGreen.ModelServer.Serving;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Critical, "Model {Path} cannot be loaded")]
    public static partial void ModelNotLoaded(this ILogger logger, string path, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "Inference failed")]
    public static partial void InferenceFailed(this ILogger logger, Exception exception);
}
