using System.CommandLine;
using BlueGreen.Cli;
using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Load;
using BlueGreen.Demo.Reporting;
using BlueGreen.Demo.Verification;
using Spectre.Console;

namespace BlueGreen.Demo;

/// <summary><c>demo [--json] [--keep] [--rate N] [--folder DIR] [--seed N] [--redeploy]</c> and <c>demo verify FILE</c>.</summary>
internal static class DemoCommand
{
    private const double DefaultRate = 220;

    /// <summary>Wide enough for every table when no terminal says how wide it is.</summary>
    private const int PlainWidth = 160;

    public static RootCommand Create()
    {
        var json = new Option<bool>("--json") { Description = "Make the last line of standard output one JSON object." };
        var keep = new Option<bool>("--keep") { Description = "Leave everything running afterwards, until Ctrl-C, and say how to try it." };
        var rate = new Option<double>("--rate") { Description = "Mean requests per second.", DefaultValueFactory = _ => DefaultRate };
        var folder = new Option<string?>("--folder") { Description = "Keep the run's files (client log, database, logs) here." };
        var seed = new Option<int?>("--seed") { Description = "Train the models from another seed." };
        var redeploy = new Option<bool>("--redeploy") { Description = "Deploy v2 once more after itself: its gates compare it with itself and pass." };
        seed.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 0) result.AddError("--seed: 0 or more.");
        });
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 10_000)) result.AddError("--rate: from above 0 to 10000 per second.");
        });
        var root = new RootCommand("Plays five deployments of a fraud model under live traffic.") { json, keep, rate, folder, seed, redeploy };
        root.SetAction((parsed, ct) => RunAsync(
            new DemoOptions(
                parsed.GetValue(json), parsed.GetValue(keep), parsed.GetValue(rate), parsed.GetValue(folder), parsed.GetValue(seed), parsed.GetValue(redeploy)),
            ct));
        root.Add(VerifyCommand());
        return root;
    }

    private static Command VerifyCommand()
    {
        var file = new Argument<FileInfo>("log") { Description = "requests.tsv of a run." };
        var verify = new Command("verify", "Judges a run again by its client log alone.") { file.AcceptExistingOnly() };
        verify.SetAction(parsed =>
        {
            var report = new RunReport([], LogVerifier.Verify(ClientLog.Read(parsed.GetRequiredValue(file).FullName)));
            Console.WriteLine(JsonReport.Line(report));
            return report.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
        });
        return verify;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken ct)
    {
        var clock = new RunClock(TimeProvider.System);
        var folder = new RunFolder(options.Folder);
        try
        {
            var report = await PlayAsync(options, folder, clock, ct);
            if (report.Faults.Count == 0) folder.RemoveIfOurs();
            return report.Faults.Count == 0 ? ExitCode.Ok : ExitCode.Refused;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception failure) when (failure is DemoException or CommandFailure or HttpRequestException)
        {
            await Console.Error.WriteLineAsync($"The demo cannot go on: {failure.Message}\nIts files are in {folder.Root}");
            return ExitCode.Refused;
        }
        finally
        {
            if (new Leftovers(folder.RunId, folder.Root).End() is > 0 and var count)
            {
                await Console.Error.WriteLineAsync($"{count} process(es) had to be killed");
            }
        }
    }

    private static async Task<RunReport> PlayAsync(DemoOptions options, RunFolder folder, RunClock clock, CancellationToken ct)
    {
        var window = new LiveWindow(clock);
        var console = AnsiConsole.Console;
        var plain = options.Json || Console.IsOutputRedirected || !console.Profile.Capabilities.Interactive;
        if (plain) console.Profile.Width = PlainWidth;
        IProgressBoard board = plain ? new PlainBoard(Console.Out, window, clock) : new LiveBoard(console, window, clock);
        using var shown = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var showing = board.RunAsync(shown.Token);
        try
        {
            return await new DemoRun(options, folder, clock, window, board, StandalonePlatform.StartAsync).PlayAsync(PrintAsync, ct);
        }
        finally
        {
            await shown.CancelAsync();
            await showing;
        }

        async Task PrintAsync(RunReport report, IRunningPlatform platform)
        {
            await shown.CancelAsync();
            await showing;
            TextReport.Write(console, report);
            if (report.Faults.Count > 0 || options.Folder is not null) console.WriteLine($"The run's files are in {folder.Root}");
            if (options.Json) Console.WriteLine(JsonReport.Line(report));
            if (options.Keep) await KeptPlatform.ShowAsync(options.Json ? Console.Error : Console.Out, platform, folder.Models, clock.Time, ct);
        }
    }
}
