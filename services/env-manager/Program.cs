using BlueGreen.EnvManager;
using BlueGreen.Platform.Hosting;

await PlatformHost.RunAsync(args, new EnvManagerService());
