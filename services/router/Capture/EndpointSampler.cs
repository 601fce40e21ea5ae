using BlueGreen.Contracts;

namespace BlueGreen.Router.Capture;

/// <summary>Decides which requests of an endpoint are captured. One per policy; a request that is not captured costs a random number.</summary>
internal sealed class EndpointSampler(string endpoint, CapturePolicy policy, CaptureQueue queue, TimeProvider clock)
{
    public CapturePolicy Policy => policy;

    /// <summary>Begins to capture the request, if it is its turn: its body is copied while it is read.</summary>
    /// <param name="context">A prediction request.</param>
    /// <param name="environmentId">Who answers it.</param>
    public void Offer(HttpContext context, Guid environmentId)
    {
        if (Random.Shared.NextDouble() >= policy.Rate || context.Request.ContentLength > policy.MaxBytes) return;
        // A second try after a refused connection: no byte was read yet.
        if (context.Features.Get<CaptureTicket>() is not null || !CaptureTicket.CanRead(context.Request)) return;
        var body = new CopiedBody(context.Request.Body, policy.MaxBytes);
        context.Features.Set(new CaptureTicket(endpoint, environmentId, policy, context.Request, body, clock.GetUtcNow(), queue));
        context.Request.Body = body;
    }
}
