using System.Runtime.InteropServices;
using BlueGreen.Bench.Routing;
using BlueGreen.Bench.Routing.Running;

if (args is ["serve", var role, ..]) return await ServedProgram.RunAsync(role, args[2..]);

// Ctrl-C and a polite kill end the run in good order: nothing that it started outlives it.
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await RoutingCommand.Create().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null }, stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
