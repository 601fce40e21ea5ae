using System.CommandLine;
using System.Text.Json;
using BlueGreen.Bench.LoadGen.Serving;
using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Bench.LoadGen;

/// <summary><c>loadgen [--json]</c>.</summary>
internal static class LoadGenCommand
{
    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static RootCommand Create()
    {
        var json = new Option<bool>("--json") { Description = "Say nothing but the last line." };
        var root = new RootCommand("Measures the load generator: is its p99 true when the server stalls, and how fast can one core send.") { json };
        root.SetAction((parsed, ct) => RunAsync(parsed.GetValue(json), ct));
        return root;
    }

    private static async Task<int> RunAsync(bool quiet, CancellationToken cancellationToken)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddInference().BuildServiceProvider();
        var protocol = services.GetRequiredService<IInferenceProtocols>().Find(ProtocolNames.OpenInferenceV2)!;
        await using var server = await ServerProcess.StartAsync(cancellationToken);
        var sender = new Sender(protocol, server.Address);
        var stall = await new StallTrial(sender, server, Say).RunAsync(cancellationToken);
        var speed = await new SpeedTrial(sender, Say).RunAsync(cancellationToken);
        Console.WriteLine(JsonSerializer.Serialize(new { stall, speed }, SnakeCase));
        return 0;

        void Say(string text)
        {
            if (!quiet) Console.Error.WriteLine(text);
        }
    }
}
