using System.Globalization;

namespace BlueGreen.ModelServer.Serving;

/// <summary>The command line of the server. Port 0 lets the system choose; the address is printed either way.</summary>
internal sealed record ServeArguments(string Model, string Host, int Port)
{
    public const string Usage = """
        usage: model-server --model FILE --port N [--host ADDRESS]
               model-server train --out DIRECTORY [--seed N]
        """;

    /// <summary>Null if the arguments are not understood.</summary>
    public static ServeArguments? Parse(IReadOnlyList<string> args)
    {
        string? model = null;
        var host = "127.0.0.1";
        int? port = null;
        for (var i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count) return null;
            switch (args[i])
            {
                case "--model": model = args[i + 1]; break;
                case "--host": host = args[i + 1]; break;
                case "--port" when ushort.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number):
                    port = number;
                    break;
                default: return null;
            }
        }

        return model is null || port is null ? null : new ServeArguments(model, host, port.Value);
    }
}
