using System.CommandLine;
using BlueGreen.Cli.Api;
using BlueGreen.Cli.Output;

namespace BlueGreen.Cli.Commands;

/// <summary>Connects a command's action to the platform and turns failures into messages and exit codes.</summary>
internal sealed class CommandRunner(ConnectionOptions options, CliOutput output)
{
    public void Attach(Command command, Func<ParseResult, Session, CancellationToken, Task<int>> action) =>
        command.SetAction((parsed, ct) => RunAsync(parsed, action, ct));

    private async Task<int> RunAsync(
        ParseResult parsed, Func<ParseResult, Session, CancellationToken, Task<int>> action, CancellationToken ct)
    {
        var json = parsed.GetValue(options.Json);
        try
        {
            var server = new Uri(parsed.GetRequiredValue(options.Server).TrimEnd('/') + "/");
            var api = PlatformClient.Create(server, options.TokenOf(parsed));
            return await action(parsed, new Session(api, output, json, TimeProvider.System), ct);
        }
        catch (CommandFailure failure)
        {
            if (json) output.JsonError(failure);
            else output.Error(failure);
            return failure.ExitCode;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
    }
}
