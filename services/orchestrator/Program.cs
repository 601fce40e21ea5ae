using BlueGreen.Orchestrator;
using BlueGreen.Platform.Hosting;

await PlatformHost.RunAsync(args, new OrchestratorService());
