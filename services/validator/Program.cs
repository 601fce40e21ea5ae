using BlueGreen.Platform.Hosting;
using BlueGreen.Validator;

await PlatformHost.RunAsync(args, new ValidatorService());
