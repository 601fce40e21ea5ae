using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The fields of a policy, top down. This is where each of them is declared, with its default and bounds.</summary>
internal static partial class PolicyDocument
{
    private static readonly TimeSpan Instant = TimeSpan.Zero;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public static EndpointPolicy Read(PolicySection root)
    {
        root.Required("apiVersion", OneOf(["bluegreen/v1"]), "Version of this format.");
        root.Required("kind", OneOf(["Endpoint"]), "What the file describes.");
        var name = root.Section("metadata", "Which endpoint this is.", ReadName, required: true);
        return root.Section("spec", "How the endpoint is released.", spec => ReadSpec(spec, name), required: true);
    }

    private static string ReadName(PolicySection metadata) => metadata.Required(
        "name",
        Text(NameRegex(), "a name of 1 to 63 lower-case letters, digits and inner hyphens, such as fraud", "fraud"),
        "Name of the endpoint: 1 to 63 lower-case letters, digits and inner hyphens.");

    private static EndpointPolicy ReadSpec(PolicySection spec, string name)
    {
        var route = spec.Section("route", "What clients call.", section => RouteSection.Read(section, name));
        var promotion = spec.Section("promotion", "What a promotion by the registry does.", ReadPromotion);
        var deadline = spec.Value("deadline", Duration(Second, Month), 4 * Hour,
            "Longest time from the slot to the end of the bake, waiting for operators included; what is left after that is finished.");
        var environment = spec.Section("environment", "How the serving fleet is built.", ReadEnvironment, required: true);
        var provision = spec.Section("provision", "Limits of building the fleet.", ReadProvision);
        var capture = spec.OptionalSection("capture", "Which live requests are kept. Without it: none.", CaptureSection.Read);
        var warmup = spec.Section("warmup", "When a replica counts as warm.", WarmupSection.Read);
        var validation = spec.Section(
            "validation", "What the gates send, and how much of it.", section => ValidationSection.Read(section, warmup));
        var gates = GateSections.Read(spec, validation);
        var bake = spec.Section("bake", "The watch after the switch.", BakeSection.Read);
        spec.Rule(
            bake.Comparison is null || route.Traffic.MirrorToBlue > 0,
            "Nothing is mirrored to blue: bake.compare needs route.mirror.blue.", "bake", "route");
        InferenceSection.CheckInPassing(spec, environment.Protocol, bake, capture);
        spec.Rule(
            capture is not null || !(warmup.Captured || validation.Captured),
            "Nothing is captured: payloads are 'captured' only where there is a capture section.", "warmup", "validation", "capture");
        spec.Rule(
            capture is not null || gates.Features is null,
            "Nothing is captured: the gate 'features' judges live requests, and needs a capture section.", "gates", "capture");
        spec.Rule(
            provision.Deadline + bake.Duration + bake.Retention <= deadline,
            $"The deployment could never finish in {PolicyValues.Write(deadline)}: provision.deadline, bake.duration and bake.retention alone " +
            $"come to {PolicyValues.Write(provision.Deadline + bake.Duration + bake.Retention)}.",
            "deadline", "provision", "bake");
        spec.Rule(
            route.Traffic.Shift is not { } shift || RouteSection.LengthOf(shift) <= bake.Duration,
            "Green must have all traffic before its bake ends: let bake.duration be as long as the steps of route.shift.", "bake", "route");
        return new EndpointPolicy
        {
            Name = name,
            Route = route,
            Promotion = promotion,
            Deadline = deadline,
            Environment = environment,
            Provision = provision,
            Warmup = warmup,
            Gates = gates,
            Bake = bake,
            Alarms = AlarmSections.Read(spec, name),
            Capture = capture,
            Rollback = spec.Section("rollback", "What becomes of a green that was rolled back.", ReadRollback),
            Cleanup = spec.Section("cleanup", "What becomes of environments that nobody needs.", ReadCleanup),
            Hooks = HookSections.Read(spec),
        };
    }

    private static PromotionPolicy ReadPromotion(PolicySection promotion)
    {
        var policy = new PromotionPolicy(
            promotion.Value(
                "stage", Text(StageRegex(), "a stage of 1 to 128 characters", "production-candidate"), "production-candidate",
                "The registry's stage that means: release this version."),
            promotion.Value(
                "autoSwitch", Flag, true, "Switch once every gate has passed (and `approvals` are given); `false`: at least one operator approves."),
            promotion.Value(
                "whenBusy", OneOf(["queue", "supersede", "refuse"]), "queue",
                "What a promotion does while another deployment is under way: `queue`, wait (only the newest waits); `supersede`, end it "
                + "unless it has reached its switch; `refuse`, end as `Rejected`."),
            promotion.Value("approvals", Whole(0, 100), 0, "Operators who must approve the switch."),
            promotion.Value(
                "fourEyes", Flag, false,
                "Whether the promoter's own approval is refused; where the promoter is not known, two operators must approve."))
        {
            Registries = RegistrySections.Read(promotion),
        };
        promotion.Rule(
            !policy.FourEyes || policy.RequiredApprovals > 0,
            "Four eyes need somebody to approve: set approvals to 1 or more, or autoSwitch to false.", "fourEyes");
        return policy;
    }

    private static EnvironmentTemplate ReadEnvironment(PolicySection environment)
    {
        var protocol = InferenceSection.ReadProtocol(environment);
        var template = new EnvironmentTemplate
        {
            Driver = environment.Value(
                "driver", OneOf(["process"], "docker", "kubernetes", "external"), "process", "Who runs the fleet: `process`, local processes."),
            Protocol = protocol,
            Inference = InferenceSection.Read(environment, protocol),
            Replicas = environment.Required("replicas", Whole(1, 100), "Size of the fleet, the same for blue and green."),
            Command = environment.Texts(
                "command",
                "Program and arguments of one replica; `{artifact}` (the file), `{artifactFolder}` (what is in it, if it is a ZIP or tar archive), `{port}`, "
                + "`{model}` and `{version}` are filled in."),
            CostPerHour = environment.Value(
                "costPerHour", Number(0, 1_000_000), 0, "Cost of one whole environment per hour in your currency; for reports only."),
        };
        CheckPlaceholders(environment, template.Command);
        return template;
    }

    private static void CheckPlaceholders(PolicySection environment, IReadOnlyList<string> command)
    {
        string[] known = ["{artifact}", "{artifactFolder}", "{port}", "{model}", "{version}"];
        foreach (Match match in command.SelectMany(argument => PlaceholderRegex().Matches(argument)))
        {
            var nearest = NearestWord.Find(match.Value, known);
            environment.Rule(
                known.Contains(match.Value),
                $"The placeholder {match.Value} is unknown{(nearest is null ? "" : $": did you mean {nearest}")}? Known: {string.Join(", ", known)}.",
                "command");
        }

        environment.Rule(
            command.Any(argument => argument.Contains("{port}", StringComparison.Ordinal)),
            "The command must pass {port} on: every replica listens on a port that is chosen for it.",
            "command");
    }

    private static ProvisionPolicy ReadProvision(PolicySection provision) => new(
        provision.Value("deadline", Duration(Second, TimeSpan.FromDays(1)), TimeSpan.FromMinutes(10), "Longest time for one attempt."),
        provision.Value("attempts", Whole(1, 10), 2, "Attempts before the deployment fails."));

    private static RollbackPolicy ReadRollback(PolicySection rollback) => new(
        rollback.Value(
            "quarantine", Duration(Instant, 3 * Month), 72 * Hour, "How long a green that was rolled back is kept for post-mortem, without traffic."))
    {
        Notify = AlarmSections.ReadNotify(rollback),
    };

    private static CleanupPolicy ReadCleanup(PolicySection cleanup) => new(cleanup.Value(
        "unservedTtl", Duration(Second, Month), 24 * Hour, "How long an environment may exist without ever having served."));

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", RegexOptions.ECMAScript)]
    private static partial Regex NameRegex();

    [GeneratedRegex("^[!-~]([ -~]{0,126}[!-~])?$", RegexOptions.ECMAScript)]
    private static partial Regex StageRegex();

    [GeneratedRegex(@"\{[A-Za-z]+\}", RegexOptions.ECMAScript)]
    private static partial Regex PlaceholderRegex();
}
