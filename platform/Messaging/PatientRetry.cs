using BlueGreen.Platform.Faults;
using MassTransit;
using MassTransit.RetryPolicies;
using Microsoft.EntityFrameworkCore;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Retries of one delivery. A mistake is tried again eight times within about eleven seconds and then given up. An outage is waited for:
/// it uses nothing up. Neither does a row that another transaction changed first, fifty times: with the row read again the next try is as
/// good as the first, and what still collides then is a mistake. After <paramref name="hold"/>, or when the host stops, the delivery goes back to its queue.
/// </summary>
/// <param name="hold">Longest that a delivery is kept; shorter than the broker's acknowledgement timeout. Infinite on the embedded bus.</param>
/// <param name="clock">Measures the pauses.</param>
/// <param name="stopping">Cancelled when the host begins to stop.</param>
internal sealed class PatientRetry(TimeSpan hold, TimeProvider clock, CancellationToken stopping) : IRetryPolicy
{
    private const int Tries = 8;
    private const int Collisions = 50;

    public void Probe(ProbeContext context) => context.CreateScope("patient-retry");

    public RetryPolicyContext<T> CreatePolicyContext<T>(T context) where T : class, PipeContext => new Delivery<T>(this, context);

    public bool IsHandled(Exception exception) => true;

    private sealed class Delivery<T>(PatientRetry policy, T context) : RetryPolicyContext<T> where T : class, PipeContext
    {
        private readonly long _since = policy.Clock.GetTimestamp();

        public T Context => context;

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext) =>
            new Failure<T>(policy, context, exception, _since, default).CanRetry(exception, out retryContext);

        public Task RetryFaulted(Exception exception) => Task.CompletedTask;

        public void Cancel()
        {
            // The host's stop is what cancels.
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }

    /// <summary>
    /// The pause is taken in <see cref="PreRetry"/>: MassTransit takes a retry context whose own token is cancelled for done, and acknowledges.
    /// </summary>
    private sealed class Failure<T>(PatientRetry policy, T context, Exception exception, long since, Tally tally)
        : BaseRetryContext<T>(context, exception, tally.Sum, context.CancellationToken), RetryContext<T>
        where T : class, PipeContext
    {
        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            var now = tally.With(exception);
            retryContext = new Failure<T>(policy, Context, exception, since, now);
            return now.Mistakes <= Tries;
        }

        public override async Task PreRetry()
        {
            if (policy.Hold != Timeout.InfiniteTimeSpan && policy.Clock.GetElapsedTime(since) > policy.Hold)
                throw new OperationCanceledException("The outage lasts: the delivery goes back to its queue.");
            using var either = CancellationTokenSource.CreateLinkedTokenSource(policy.Stopping, CancellationToken);
            await Task.Delay(Pause(), policy.Clock, either.Token);
        }

        private TimeSpan Pause() => tally.Last switch
        {
            Cause.Outage => Outage.Pause(tally.Outages),
            // Not at the same time again as the others that lost.
            Cause.Collision => TimeSpan.FromMilliseconds(Random.Shared.Next(5, 100)),
            _ => TimeSpan.FromMilliseconds(Math.Min(5000, 20 + 50 * (Math.Pow(2, tally.Mistakes - 1) - 1))),
        };
    }

    private enum Cause
    {
        Mistake,
        Outage,
        Collision,
    }

    /// <summary>What went wrong with a delivery so far, and what did last.</summary>
    private readonly record struct Tally(int Mistakes, int Outages, int Collided, Cause Last)
    {
        public int Sum => Mistakes + Outages + Collided;

        public Tally With(Exception exception)
        {
            if (Outage.IsCauseOf(exception)) return this with { Outages = Outages + 1, Last = Cause.Outage };
            return IsCollision(exception) && Collided < Collisions
                ? this with { Collided = Collided + 1, Last = Cause.Collision }
                : this with { Mistakes = Mistakes + 1, Last = Cause.Mistake };
        }

        private static bool IsCollision(Exception? exception) =>
            exception is not null && (exception is DbUpdateConcurrencyException || IsCollision(exception.InnerException));
    }

    private TimeSpan Hold => hold;
    private TimeProvider Clock => clock;
    private CancellationToken Stopping => stopping;
}
