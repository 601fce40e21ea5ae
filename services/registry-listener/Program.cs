using BlueGreen.Platform.Hosting;
using BlueGreen.RegistryListener;

await PlatformHost.RunAsync(args, new RegistryListenerService());
