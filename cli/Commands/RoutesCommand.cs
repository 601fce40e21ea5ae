using System.CommandLine;
using System.Text.Json;
using BlueGreen.Cli.Api;

namespace BlueGreen.Cli.Commands;

/// <summary><c>bg routes list · show · apply</c>: where requests go, and the load balancers that clients call.</summary>
internal static class RoutesCommand
{
    public static Command Create(CommandRunner runner) => new("routes", "Where requests go, and the load balancers in front, as a router has them.")
    {
        List(runner),
        Show(runner),
        Apply(runner),
    };

    private static Command List(CommandRunner runner)
    {
        var command = new Command("list", "Every route, and how its load balancer stands.");
        runner.Attach(command, async (_, session, ct) =>
        {
            var answer = await session.Api.RoutesAsync(ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Routes(answer.Deserialize(ApiJson.Default.RouteViewArray)!);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(CommandRunner runner)
    {
        var endpoint = Endpoint();
        var command = new Command("show", "One route; of a load balancer that does not follow it, what is wanted and what was found.") { endpoint };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var name = parsed.GetRequiredValue(endpoint);
            var answer = await session.Api.RouteAsync(name, ct);
            if (session.Json)
            {
                session.Out.Json(answer);
                return ExitCode.Ok;
            }

            var route = answer.Deserialize(ApiJson.Default.RouteView)!;
            session.Out.Routes([route]);
            if (route.Driver is not null) session.Out.Driver((await session.Api.DriverAsync(name, ct)).Deserialize(ApiJson.Default.RouteDriverView)!);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Apply(CommandRunner runner)
    {
        var endpoint = Endpoint();
        var command = new Command("apply", "Writes the route to the load balancer in front again, over what somebody else has changed there.") { endpoint };
        runner.Attach(command, async (parsed, session, ct) =>
        {
            var answer = await session.Api.ApplyDriverAsync(parsed.GetRequiredValue(endpoint), ct);
            if (session.Json) session.Out.Json(answer);
            else session.Out.Driver(answer.Deserialize(ApiJson.Default.RouteDriverView)!);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<string> Endpoint() => new("endpoint") { Description = "The endpoint's name." };
}
