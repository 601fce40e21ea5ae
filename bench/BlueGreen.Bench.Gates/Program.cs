using BlueGreen.Bench.Gates;

var trials = args.SkipWhile(argument => argument != "--trials").Skip(1).Select(int.Parse).FirstOrDefault(2000);
var only = args.SkipWhile(argument => argument != "--only").Skip(1).FirstOrDefault();
return GatesRun.Run(trials, only, Console.Out, Console.Error, isWatched: !Console.IsErrorRedirected);
