using BlueGreen.Bench.LoadGen;
using BlueGreen.Bench.LoadGen.Serving;

if (args is ["serve"]) return await StallingServer.RunAsync();
return await LoadGenCommand.Create().Parse(args).InvokeAsync();
