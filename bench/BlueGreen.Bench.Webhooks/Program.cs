using System.Runtime.InteropServices;
using BlueGreen.Bench.Webhooks;
using BlueGreen.Bench.Webhooks.Running;

if (args is ["serve", ..]) return await ListenerProgram.RunAsync(args[1..]);

// Ctrl-C and a polite kill end the run in good order: nothing that it started outlives it.
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await WebhooksCommand.Create().Parse(args).InvokeAsync(new() { ProcessTerminationTimeout = null }, stop.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
