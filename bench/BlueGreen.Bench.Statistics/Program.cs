using BlueGreen.Bench.Statistics;

return await SideBySide.RunAsync(python: args[0], points: args.Length > 1 ? int.Parse(args[1]) : 1_000_000, Console.Out, Console.Error);
