using BlueGreen.ModelServer.Serving;

namespace BlueGreen.ModelServer.Training;

/// <summary>Trains the releases and writes them with their payloads. Exit codes: 0 written, 2 usage.</summary>
internal static class TrainCommand
{
    public static int Run(string[] args)
    {
        if (TrainArguments.Parse(args) is not { } arguments)
        {
            Console.Error.WriteLine(ServeArguments.Usage);
            return 2;
        }

        var set = ReleaseSet.Train(arguments.Seed, TrainingScale.Full);
        Directory.CreateDirectory(arguments.Out);
        var catalogue = new ReleaseWriter(arguments.Out).Write(arguments.Seed, set);
        foreach (var model in catalogue.Models) Console.WriteLine($"{model.File}  {model.Summary}");
        return 0;
    }
}
