namespace BlueGreen.Bench.Alarms;

/// <summary>Counts what the server logs as unhandled.</summary>
internal sealed class UnhandledErrors : ILoggerProvider, ILogger
{
    private long _count;

    public long Count => Interlocked.Read(ref _count);

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        ? this
        : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error && exception is not null) Interlocked.Increment(ref _count);
    }

    public void Dispose()
    {
    }
}
