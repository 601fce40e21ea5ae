using BlueGreen.Orchestrator.Persistence;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Persistence;

namespace BlueGreen.Orchestrator.Faults;

/// <summary>What operators ask about faults, and order.</summary>
internal static class FaultEndpoints
{
    private const int MostRows = 500;
    private const int LongestText = 1024;

    public static void MapFaults(this IEndpointRouteBuilder api)
    {
        var faults = api.MapGroup("/faults").WithTags("Faults");
        faults.MapGet("/", ListAsync).WithName("ListFaults").WithSummary("Messages and work that were given up, newest first.");
        faults.MapGet("/{id:guid}", GetAsync).WithName("GetFault").WithSummary("One fault with its message, headers and exception.");
        faults.MapPost("/{id:guid}/replay", ReplayAsync).WithName("ReplayFault")
            .WithSummary("Sends the message again, once; of a stage's command, starts a new attempt of the stage.");
        faults.MapPost("/{id:guid}/discard", DiscardAsync).WithName("DiscardFault").WithSummary("Takes the fault off the list of open ones.");
        faults.MapPost("/replay", ReplayAllAsync).WithName("ReplayFaults").WithSummary("Replays the open faults that match; dryRun only says which.");
        faults.MapPost("/discard", DiscardAllAsync).WithName("DiscardFaults").WithSummary("Discards the open faults that match; dryRun only says which.");
        api.MapPost("/deployments/{id:guid}/replay", ReplayDeploymentAsync).WithTags("Deployments").WithName("ReplayDeployment")
            .WithSummary("Starts a new attempt of the stage that a deployment faulted in, or of an earlier one.");
    }

    private static async Task<IResult> ListAsync(
        FaultDesk desk,
        Guid? deployment,
        string? endpoint,
        string? service,
        string? messageType,
        string? state,
        int limit = 50,
        CancellationToken cancellationToken = default)
    {
        FaultState? wanted = null;
        if (state is not null)
        {
            if (!Enum.TryParse<FaultState>(state, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed))
                return ProblemResults.Invalid(422, "state", $"One of: {string.Join(", ", Enum.GetNames<FaultState>())}.");
            wanted = parsed;
        }

        var rows = await desk.ListAsync(
            new FaultFilter(deployment, endpoint, service, messageType, wanted), Math.Clamp(limit, 1, MostRows), cancellationToken);
        return Results.Ok(rows.ConvertAll(FaultSummary.From));
    }

    private static async Task<IResult> GetAsync(Guid id, FaultDesk desk, CancellationToken cancellationToken) =>
        await desk.FindAsync(id, cancellationToken) is { } row
            ? Results.Ok(FaultDetails.From(row))
            : ProblemResults.NotFound($"There is no fault {id}.");

    private static async Task<IResult> ReplayAsync(
        Guid id, SettleRequest request, FaultDesk desk, TimeProvider clock, CancellationToken cancellationToken) =>
        Check(request.RequestedBy, request.Reason) ?? Answer(
            await desk.ReplayAsync(id, ActorOf(request.RequestedBy, request.Reason, clock), dryRun: false, cancellationToken));

    private static async Task<IResult> DiscardAsync(
        Guid id, SettleRequest request, FaultDesk desk, TimeProvider clock, CancellationToken cancellationToken) =>
        Check(request.RequestedBy, request.Reason) ?? NeedsReason(request.Reason) ?? Answer(
            await desk.DiscardAsync(id, ActorOf(request.RequestedBy, request.Reason, clock), dryRun: false, cancellationToken));

    private static async Task<IResult> ReplayAllAsync(BulkRequest request, FaultDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if ((Check(request.RequestedBy, request.Reason) ?? CheckFilter(request)) is { } problem) return problem;
        var actor = ActorOf(request.RequestedBy, request.Reason, clock);
        return Results.Ok(await desk.EachAsync(
            Filter(request), request.DryRun, (id, token) => desk.ReplayAsync(id, actor, request.DryRun, token), cancellationToken));
    }

    private static async Task<IResult> DiscardAllAsync(BulkRequest request, FaultDesk desk, TimeProvider clock, CancellationToken cancellationToken)
    {
        if ((Check(request.RequestedBy, request.Reason) ?? CheckFilter(request) ?? NeedsReason(request.Reason)) is { } problem) return problem;
        var actor = ActorOf(request.RequestedBy, request.Reason, clock);
        return Results.Ok(await desk.EachAsync(
            Filter(request), request.DryRun, (id, token) => desk.DiscardAsync(id, actor, request.DryRun, token), cancellationToken));
    }

    private static async Task<IResult> ReplayDeploymentAsync(
        Guid id, ReplayRequest request, IServiceStore<OrchestratorDbContext> store, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Check(request.RequestedBy, request.Reason) is { } problem) return problem;
        var actor = ActorOf(request.RequestedBy, request.Reason, clock);
        var outcome = await store.WriteAsync(
            (transaction, token) => DeploymentReplay.OrderAsync(transaction, id, request.From, actor, dryRun: false, token), cancellationToken);
        return outcome.Status switch
        {
            StatusCodes.Status404NotFound => ProblemResults.NotFound(outcome.Problem!),
            StatusCodes.Status409Conflict => ProblemResults.Conflict(outcome.Problem!),
            _ => Results.Ok(outcome.Replayed),
        };
    }

    private static IResult Answer(FaultSettled settled) => settled.Status switch
    {
        StatusCodes.Status404NotFound => ProblemResults.NotFound(settled.Problem!),
        StatusCodes.Status409Conflict => ProblemResults.Conflict(settled.Problem!),
        _ => Results.Ok(settled.Answer),
    };

    private static FaultFilter Filter(BulkRequest request) =>
        new(request.Deployment, request.Endpoint, request.Service, request.MessageType, null);

    private static Actor ActorOf(string? requestedBy, string? reason, TimeProvider clock) =>
        new(requestedBy ?? "operator", string.IsNullOrWhiteSpace(reason) ? null : reason, clock.GetUtcNow());

    private static IResult? Check(string? requestedBy, string? reason)
    {
        if (requestedBy is not null && (string.IsNullOrWhiteSpace(requestedBy) || requestedBy.Length > LongestText))
            return ProblemResults.Invalid(422, "requestedBy", $"Say who it is, in 1 to {LongestText} characters: it goes into the history.");
        return reason?.Length > LongestText ? ProblemResults.Invalid(422, "reason", $"At most {LongestText} characters.") : null;
    }

    private static IResult? CheckFilter(BulkRequest request) => Filter(request).IsEmpty && !request.All
        ? ProblemResults.Invalid(422, "all", "Name a deployment, endpoint, service or messageType, or say \"all\": true.")
        : null;

    private static IResult? NeedsReason(string? reason) => string.IsNullOrWhiteSpace(reason)
        ? ProblemResults.Invalid(422, "reason", "Say why: it goes into the history.")
        : null;
}
