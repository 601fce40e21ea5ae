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
internal sealed class TrafficMirror(UpstreamClient upstream, PairLog pairs, IOptions<RouterOptions> options, TimeProvider clock)
{
    private static readonly HashSet<string> NotCopied = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", InferenceProxy.PreviewHeader, RouteTransformer.MirrorHeader,
    };

    private const int MostScores = 16;

    private readonly int _places = options.Value.MirrorConcurrency;
    private readonly long _mostBytes = options.Value.MirrorMaxBytes;
    private readonly TimeSpan _timeout = options.Value.MirrorTimeout;
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
        var request = new HttpRequestMessage(HttpMethod.Parse(context.Request.Method), copies.Leg.Transformers[replica.Position].AddressOf(context.Request))
        {
            Version = System.Net.HttpVersion.Version11,
            Content = new ByteArrayContent(body),
        };
        foreach (var (name, values) in context.Request.Headers)
        {
            if (NotCopied.Contains(name)) continue;
            if (!request.Headers.TryAddWithoutValidation(name, values.AsEnumerable())) request.Content.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }

        request.Headers.TryAddWithoutValidation(RouteTransformer.MirrorHeader, "1");
        var reader = serving.Inspector is { } inspector && inspector.Predicts(context.Request.Method, context.Request.Path.Value!) ? inspector : null;
        serving.CountCopy(CopyOutcome.Sent);
        _ = SendAsync(request, serving, replica, context.Response.StatusCode, capture, reader);
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
        HttpRequestMessage request, ServingEnvironment serving, UpstreamReplica replica, int liveStatus, MirrorCapture capture, PredictionInspector? reader)
    {
        // Off the client's thread before anything else happens.
        await Task.Yield();
        var started = clock.GetTimestamp();
        var (status, answer, mediaType) = (0, Array.Empty<byte>(), (string?)null);
        replica.Enter();
        try
        {
            using var limit = new CancellationTokenSource(_timeout, clock);
            using (request)
            {
                using var response = await upstream.Invoker.SendAsync(request, limit.Token);
                answer = await ReadAsync(response, limit.Token);
                (status, mediaType) = ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            // No answer is a finding, too: status 0.
        }
        finally
        {
            replica.Exit();
            Leave();
        }

        var elapsed = clock.GetElapsedTime(started);
        if (status is 0 or >= 500) serving.CountCopy(CopyOutcome.Failed);
        serving.MirrorWindow.CountCopy(elapsed, ClassOf(status), capture.Outcome);
        var isAnswer = status is >= 200 and < 300;
        pairs.Add(serving.Target.EnvironmentId, new MirroredPair
        {
            At = clock.GetUtcNow(),
            LiveStatus = liveStatus,
            MirrorStatus = status,
            MirrorMilliseconds = elapsed.TotalMilliseconds,
            IsPrediction = reader is not null,
            Live = capture.Body is { } live ? reader?.Scores(live, capture.MediaType, MostScores) ?? [] : [],
            Mirror = isAnswer ? reader?.Scores(answer, mediaType, MostScores) ?? [] : [],
        });
        if (isAnswer && reader?.OwesPrediction(answer, mediaType) is { } owes) serving.MirrorWindow.CountInspected(owes);
    }

    private static AnswerClass ClassOf(int status) => status switch
    {
        0 or >= 500 => AnswerClass.ServerError,
        >= 400 => AnswerClass.ClientError,
        _ => AnswerClass.Success,
    };

    /// <summary>At most as much as a request may have: what is longer is read no further.</summary>
    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var buffer = new MemoryStream();
        var piece = new byte[8192];
        while (buffer.Length < _mostBytes && await body.ReadAsync(piece, cancellationToken) is var read and > 0) buffer.Write(piece, 0, read);
        return buffer.ToArray();
    }
}
