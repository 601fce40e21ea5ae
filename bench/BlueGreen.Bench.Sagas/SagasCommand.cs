using System.CommandLine;
using BlueGreen.Bench.Sagas.Running;
using BlueGreen.Testing.Containers;
using Npgsql;

namespace BlueGreen.Bench.Sagas;

/// <summary><c>sagas [--deployments N] [--done N] [--json]</c>.</summary>
internal static class SagasCommand
{
    private const int Connections = 10;
    private const int Good = 0;
    private const int Bad = 1;
    private const int Interrupted = 130;

    public static RootCommand Create()
    {
        var deployments = new Option<int>("--deployments")
        {
            Description = "How many deployments are in flight at once, each on an endpoint of its own.",
            DefaultValueFactory = _ => 1000,
        };
        var done = new Option<int>("--done")
        {
            Description = "Up to how many deployments done the cost of one is followed: 10000 for the whole series.",
            DefaultValueFactory = _ => 1000,
        };
        var json = new Option<bool>("--json") { Description = "Say nothing but the last line." };
        var root = new RootCommand("Measures what the platform adds to deployments whose own work takes no time.") { deployments, done, json };
        root.SetAction((parsed, ct) => RunAsync(
            new SagasPlan(parsed.GetValue(deployments), parsed.GetValue(done)), parsed.GetValue(json), ct));
        return root;
    }

    private static async Task<int> RunAsync(SagasPlan plan, bool quiet, CancellationToken ct)
    {
        if (ContainerEngine.SkipReason is { } reason)
        {
            Console.Error.WriteLine(reason);
            return Bad;
        }

        var folder = Directory.CreateTempSubdirectory("bluegreen-sagas-").FullName;
        await using var postgres = new PostgreSqlServer();
        await using var rabbit = new RabbitMqServer();
        try
        {
            await Task.WhenAll(postgres.InitializeAsync().AsTask(), rabbit.InitializeAsync().AsTask());
            // Few connections, each with its statements prepared: on two cores more of them only get in each other's way.
            var created = await postgres.CreateDatabaseAsync("sagas", ct);
            var database = new NpgsqlConnectionStringBuilder(created) { MaxPoolSize = Connections }.ConnectionString;
            await using var platform = await SevenProcesses.StartAsync(database, await rabbit.CreateVirtualHostAsync("sagas", ct), folder, ct);
            var report = await new SagasRun(platform, postgres, rabbit, database, Say, TimeProvider.System).MeasureAsync(plan, ct);
            Console.WriteLine(report.ToJson());
            if (report.NotCommitted > 0) return Bad;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine($"{exception}\nThe processes' logs are in {folder}.");
            return Bad;
        }

        Directory.Delete(folder, recursive: true);
        return Good;

        void Say(string text)
        {
            if (!quiet) Console.Error.WriteLine(text);
        }
    }
}

/// <param name="InFlight">Deployments, and endpoints, at once.</param>
/// <param name="Done">How far the cost of one is followed.</param>
internal sealed record SagasPlan(int InFlight, int Done);
