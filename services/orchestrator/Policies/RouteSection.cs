using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.route</c>.</summary>
internal static partial class RouteSection
{
    private const string Strict = "strict";
    private const string ServeLast = "serve-last";
    private const string Fence = "fence";
    private const long MostBytes = 1L << 34;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static RoutePolicy Read(PolicySection route, string name)
    {
        var path = route.Value(
            "path",
            Text(PathRegex(), "a path such as /fraud or /risk/fraud, without a slash at its end", "/fraud"),
            $"/{name}",
            "Path prefix that clients call; removed before the model server sees the request.",
            "`/` and the endpoint's name");
        var cutover = route.Value(
            "cutover", OneOf(["fast", Strict]), "fast",
            "How the router's replicas flip: `fast`, each as the news arrives; `strict`, all hold new requests for some milliseconds and flip "
            + "together, so that no request which starts after an answer of the new model is answered by the old one.");
        var loss = route.Value(
            "onControlPlaneLoss", OneOf([ServeLast, Fence]), cutover == Strict ? Fence : ServeLast,
            "What a router does without its database: `serve-last`, go on with what it knows; `fence`, answer 503 once its lease has run out.",
            "`serve-last`, or `fence` with a strict cutover");
        route.Rule(
            cutover != Strict || loss == Fence,
            "A strict cutover needs routers that stop when they are cut off: use fence, or leave the field out.", "onControlPlaneLoss", "cutover");
        var traffic = ReadTraffic(route);
        route.Rule(
            cutover != Strict || traffic.Shift is null, "A strict cutover moves all traffic in one instant: it cannot be shifted by steps.", "shift", "cutover");
        route.Rule(
            cutover != Strict || traffic.Driver is null, "A strict cutover is made by the platform's own routers: it cannot be with a driver.", "driver", "cutover");
        DriverSection.Judge(route, traffic);
        return new RoutePolicy(path, cutover, loss) { Traffic = traffic };
    }

    /// <summary>From the first step to all of the traffic.</summary>
    public static TimeSpan LengthOf(TrafficShift shift) => shift.Wait * Math.Ceiling(Math.Max(0, 1 - shift.First) / shift.Step - 1e-9);

    private static TrafficPolicy ReadTraffic(PolicySection route)
    {
        var mirror = route.Section("mirror", "Copies of live requests whose answers nobody waits for; they carry `X-BlueGreen-Mirror: 1`.", section => (
            Green: section.Value("green", Share(), 0, "Share copied to green while it is judged."),
            Blue: section.Value("blue", Share(), 0, "Share copied to blue after the switch, for as long as it is the way back.")));
        return new TrafficPolicy
        {
            Timeout = route.Optional(
                "timeout", Duration(TimeSpan.FromMilliseconds(10), Hour),
                "Longest silence of a model server in the midst of a request; then the client gets 504. The router's setting applies without it."),
            MaxBodyBytes = route.Optional(
                "maxBody", Size(1, MostBytes), "Largest request body; a larger one gets 413. The router's setting applies without it."),
            Drain = route.Value(
                "drain", Duration(TimeSpan.Zero, 24 * Hour), TimeSpan.FromMinutes(5),
                "How long requests, streams and sockets may go on at an environment that is live no longer, before they are cut off."),
            MirrorToGreen = mirror.Green,
            MirrorToBlue = mirror.Blue,
            Driver = route.OptionalSection(
                "driver", "The load balancer that clients call instead of the platform's routers (docs/drivers.md).", DriverSection.Read),
            Shift = route.OptionalSection(
                "shift", "Moves traffic to green step by step instead of all at once; every step can be rolled back. Not with a strict cutover.", ReadShift),
        };
    }

    private static TrafficShift ReadShift(PolicySection shift)
    {
        var canary = shift.OptionalSection("canary", "One step, then all.", section => new TrafficShift
        {
            First = section.Required("percent", Share(min: 0.001), "Green's share at first."),
            Step = 1,
            Wait = section.Required("wait", Duration(TimeSpan.FromSeconds(1), 24 * Hour), "How long it keeps that share."),
        });
        var linear = shift.OptionalSection("linear", "Equal steps.", section =>
        {
            var step = section.Required("step", Share(min: 0.01), "Green's share at first, and what each step adds.");
            var wait = section.Required("wait", Duration(TimeSpan.FromSeconds(1), 24 * Hour), "Time between steps.");
            return new TrafficShift { First = step, Step = step, Wait = wait };
        });
        var header = shift.Value("stickyHeader", Text(TokenRegex(), "the name of a header", "X-User"), "", "Requests with one value of this header get one model.", "none");
        var cookie = shift.Value(
            "stickyCookie", Text(TokenRegex(), "the name of a cookie", "bluegreen"), "",
            "Requests with one value of this cookie get one model; who has none is given one.", "none");
        shift.Rule((canary is null) != (linear is null), "Say either canary or linear.", "canary", "linear");
        // Without either the policy is refused, and what this says is nobody's.
        var steps = canary ?? linear ?? new TrafficShift { First = 1, Step = 1, Wait = TimeSpan.FromSeconds(1) };
        return steps with { StickyHeader = header.Length > 0 ? header : null, StickyCookie = cookie.Length > 0 ? cookie : null };
    }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.ECMAScript)]
    private static partial Regex TokenRegex();

    [GeneratedRegex("^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){1,8}$", RegexOptions.ECMAScript)]
    private static partial Regex PathRegex();
}
