using BlueGreen.Platform.Hosting;
using BlueGreen.Prewarmer;

await PlatformHost.RunAsync(args, new PrewarmerService());
