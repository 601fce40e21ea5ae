using BlueGreen.Cli.Commands;

return await BgCommand.RunAsync(args, Console.Out, Console.Error, CancellationToken.None);
