using BlueGreen.Platform.Inference;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Windows;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace BlueGreen.Router.Mirroring;

/// <summary>
/// Copies a share of live requests to another environment. The copy is sent when the client has its answer, its own answer is compared and
/// thrown away, and when there is no room there is none: neither the client nor the live environment ever waits for it. A copy has its place
/// from the request's arrival on, because that is how long it takes memory.
/// </summary>
internal sealed class TrafficMirror(CopySender sender, PairLog pairs, IOptions<RouterOptions> options, TimeProvider clock)
{
    private const int MostScores = 16;

    private readonly int _places = options.Value.MirrorConcurrency;
    private readonly long _mostBytes = options.Value.MirrorMaxBytes;
    private int _taken;

    /// <summary>
    /// Whether this request is to be copied: by lot, if it can be, and if there is room. It has a place then, which <see cref="Send"/> or
    /// <see cref="Leave"/> gives back.
    /// </summary>
    public bool TryEnter(HttpContext context, RouteMirror copies)
    {
        if (Random.Shared.NextDouble() >= copies.Share || !CanCopy(context)) return false;
        if (Interlocked.Increment(ref _taken) <= _places) return true;
        Leave();
        pairs.Dropped(copies.Leg.Serving.Target.EnvironmentId);
        copies.Leg.Serving.CountCopy(CopyOutcome.Dropped);
        return false;
    }

    /// <summary>Gives back the place of a request of which no copy was sent.</summary>
    public void Leave() => Interlocked.Decrement(ref _taken);

    /// <summary>Builds the copy from a request that has been answered, and sends it without being waited for.</summary>
    /// <returns>True: it gives its place back when it has its answer. False: there is none.</returns>
    public bool Send(HttpContext context, RouteMirror copies, byte[] body, MirrorCapture capture)
    {
        var serving = copies.Leg.Serving;
        if (!copies.WithFailures && context.Response.StatusCode >= 500) return false;
        if (serving.Pick(clock.GetTimestamp()) is not { } replica) return false;
        var copy = sender.Prepare(context, copies.Leg.Transformers[replica.Position], body);
        var reader = serving.Inspector is { } inspector && inspector.Predicts(context.Request.Method, context.Request.Path.Value!) ? inspector : null;
        serving.CountCopy(CopyOutcome.Sent);
        _ = SendAsync(copy, serving, replica, context.Response.StatusCode, capture, reader);
        return true;
    }

    private bool CanCopy(HttpContext context)
    {
        if (context.Request.Headers.Upgrade.Count > 0 || context.Request.Method == HttpMethods.Connect) return false;
        // Copies go over HTTP/1.1: every one of a gRPC call would fail, and look like trouble of its environment's.
        if (UpstreamClient.IsGrpc(context.Request.ContentType)) return false;
        return context.Request.ContentLength is { } length
            ? length <= _mostBytes
            : context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false;
    }

    private async Task SendAsync(
        PreparedCopy copy, ServingEnvironment serving, UpstreamReplica replica, int liveStatus, MirrorCapture capture, PredictionInspector? reader)
    {
        // Off the client's thread before anything else happens.
        await Task.Yield();
        var started = clock.GetTimestamp();
        CopyAnswer answer;
        replica.Enter();
        try
        {
            answer = await sender.SendAsync(copy, replica);
        }
        finally
        {
            replica.Exit();
            Leave();
        }

        var elapsed = clock.GetElapsedTime(started);
        if (answer.Status is 0 or >= 500) serving.CountCopy(CopyOutcome.Failed);
        serving.MirrorWindow.CountCopy(elapsed, ClassOf(answer.Status), capture.Outcome);
        var isAnswer = answer.Status is >= 200 and < 300;
        pairs.Add(serving.Target.EnvironmentId, new MirroredPair
        {
            At = clock.GetUtcNow(),
            LiveStatus = liveStatus,
            MirrorStatus = answer.Status,
            MirrorMilliseconds = elapsed.TotalMilliseconds,
            IsPrediction = reader is not null,
            Live = capture.Body is { } live ? reader?.Scores(live, capture.MediaType, MostScores) ?? [] : [],
            Mirror = isAnswer ? reader?.Scores(answer.Body, answer.MediaType, MostScores) ?? [] : [],
        });
        if (isAnswer && reader?.OwesPrediction(answer.Body, answer.MediaType) is { } owes) serving.MirrorWindow.CountInspected(owes);
    }

    private static AnswerClass ClassOf(int status) => status switch
    {
        0 or >= 500 => AnswerClass.ServerError,
        >= 400 => AnswerClass.ClientError,
        _ => AnswerClass.Success,
    };
}
