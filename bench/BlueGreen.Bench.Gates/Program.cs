using BlueGreen.Bench.Gates;

var trials = args.SkipWhile(argument => argument != "--trials").Skip(1).Select(int.Parse).FirstOrDefault(2000);
return GatesRun.Run(trials, Console.Out, Console.Error, isWatched: !Console.IsErrorRedirected);
