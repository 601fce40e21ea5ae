using BlueGreen.Platform.Hosting;
using BlueGreen.Router;

await PlatformHost.RunAsync(args, new RouterService());
