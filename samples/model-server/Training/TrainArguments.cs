using System.Globalization;

namespace BlueGreen.ModelServer.Training;

internal sealed record TrainArguments(string Out, int Seed)
{
    private const int DefaultSeed = 20_240_601;

    /// <summary>Null if the arguments are not understood.</summary>
    public static TrainArguments? Parse(IReadOnlyList<string> args)
    {
        string? directory = null;
        var seed = DefaultSeed;
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count) return null;
            switch (args[i])
            {
                case "--out": directory = args[i + 1]; break;
                case "--seed" when int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    seed = number;
                    break;
                default: return null;
            }
        }

        return directory is null ? null : new TrainArguments(directory, seed);
    }
}
