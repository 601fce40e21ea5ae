using System.CommandLine;
using System.Runtime.InteropServices;
using BlueGreen.Cli;
using BlueGreen.Demo;

using var stop = new CancellationTokenSource();
using var onHangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

var parsed = DemoCommand.Create().Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"error: {error.Message}");
    return ExitCode.Usage;
}

// Ours, not the library's: it would end the process before the platform has torn its fleets down.
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
