using BlueGreen.Platform.Hosting;
using BlueGreen.Rollback;

await PlatformHost.RunAsync(args, new RollbackService());
