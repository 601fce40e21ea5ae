using System.Text.Json;
using BlueGreen.Cli.Api;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BlueGreen.Cli.Output;

/// <summary>What the user reads (tables) or a script parses (one JSON value per line).</summary>
internal sealed class CliOutput(TextWriter output, TextWriter error)
{
    /// <summary>Wide enough for every table when no terminal says how wide it is.</summary>
    private const int RedirectedWidth = 160;

    private readonly Lazy<IAnsiConsole> _console = new(() => CreateConsole(output));

    public void Json(JsonElement element)
    {
        output.WriteLine(JsonSerializer.Serialize(element, ApiJson.Default.JsonElement));
        output.Flush();
    }

    public void JsonError(CommandFailure failure)
    {
        var problem = failure.Problem;
        var body = new ErrorBody(
            failure.ExitCode, problem.Status, problem.Title, problem.Field, problem.Detail, problem.Line, problem.Column);
        output.WriteLine(JsonSerializer.Serialize(new ErrorDocument(body), ApiJson.Default.ErrorDocument));
    }

    public void Error(CommandFailure failure)
    {
        var problem = failure.Problem;
        var place = problem.Line is { } line ? $" (line {line}, column {problem.Column})" : "";
        var field = problem.Field is { } name ? $"{name}{place}: " : "";
        error.WriteLine($"error: {field}{problem.Detail ?? problem.Title}");
        if (problem.Detail is not null && problem.Title is not null) error.WriteLine($"       {problem.Title}");
    }

    public void Line(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }

    public void Event(DeploymentEvent item)
    {
        var actor = string.IsNullOrEmpty(item.Actor) ? "" : $"  ({item.Actor})";
        Line($"{item.At.ToLocalTime():HH:mm:ss.fff}  {item.State,-13} {item.Summary ?? item.Kind}{actor}");
    }

    public void Endpoints(IReadOnlyList<EndpointView> endpoints)
    {
        if (endpoints.Count == 0) Line("no endpoints yet; 'bg policy apply FILE' makes one");
        else Write(EndpointTable.Create(endpoints));
    }

    public void Alarms(IReadOnlyList<AlarmView> alarms)
    {
        if (alarms.Count == 0) Line("no alarms");
        else Write(AlarmTables.Alarms(alarms));
    }

    public void Blocks(IReadOnlyList<BlockView> blocks)
    {
        if (blocks.Count == 0) Line("nothing is blocked");
        else Write(AlarmTables.Blocks(blocks));
    }

    public void Deployments(IReadOnlyList<DeploymentView> deployments)
    {
        if (deployments.Count > 0) Write(DeploymentTables.List(deployments));
    }

    public void Deployment(DeploymentView deployment)
    {
        Line(DeploymentTables.Headline(deployment));
        if (deployment.Stages.Count > 0) Write(DeploymentTables.Stages(deployment.Stages));
        if (deployment.Warmth.Count > 0) Write(DeploymentTables.Warmth(deployment.Warmth));
        if (deployment.Gates.Count > 0) Write(DeploymentTables.Gates("gate", deployment.Gates));
        if (deployment.BakeMetrics.Count > 0) Write(DeploymentTables.Gates("bake metric", deployment.BakeMetrics));
    }

    public void Faults(IReadOnlyList<FaultView> faults)
    {
        if (faults.Count == 0) Line("no faults");
        else Write(FaultTables.List(faults));
    }

    public void Deliveries(IReadOnlyList<DeliveryView> deliveries)
    {
        if (deliveries.Count == 0) Line("no deliveries");
        else Write(DeliveryTable.Create(deliveries));
    }

    public void Routes(IReadOnlyList<RouteView> routes)
    {
        if (routes.Count == 0) Line("no routes yet");
        else Write(RouteTable.Create(routes));
    }

    public void Driver(RouteDriverView driver)
    {
        foreach (var line in RouteTable.Lines(driver)) Line(line);
    }

    public void Fault(FaultDetailsView details)
    {
        foreach (var line in FaultTables.Details(details)) Line(line);
    }

    public void Bulk(BulkView bulk, string done)
    {
        Line($"{bulk.Settled.Count} of {bulk.Matched} {(bulk.DryRun ? $"would be {done}" : done)}");
        foreach (var id in bulk.Settled) Line($"  {id}");
        foreach (var refused in bulk.Refused) Line($"  {refused.Id} refused: {refused.Reason}");
    }

    private void Write(IRenderable renderable) => _console.Value.Write(renderable);

    private static IAnsiConsole CreateConsole(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (writer != Console.Out || Console.IsOutputRedirected) console.Profile.Width = RedirectedWidth;
        return console;
    }
}
