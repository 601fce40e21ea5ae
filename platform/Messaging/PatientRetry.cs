using BlueGreen.Platform.Faults;
using MassTransit;
using MassTransit.RetryPolicies;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Retries of one delivery. A mistake is tried again eight times within about eleven seconds and then given up. An outage is waited for:
/// it uses nothing up. After <paramref name="hold"/>, or when the host stops, the delivery goes back to its queue.
/// </summary>
/// <param name="hold">Longest that a delivery is kept; shorter than the broker's acknowledgement timeout. Infinite on the embedded bus.</param>
/// <param name="clock">Measures the pauses.</param>
/// <param name="stopping">Cancelled when the host begins to stop.</param>
internal sealed class PatientRetry(TimeSpan hold, TimeProvider clock, CancellationToken stopping) : IRetryPolicy
{
    private const int Tries = 8;

    public void Probe(ProbeContext context) => context.CreateScope("patient-retry");

    public RetryPolicyContext<T> CreatePolicyContext<T>(T context) where T : class, PipeContext => new Delivery<T>(this, context);

    public bool IsHandled(Exception exception) => true;

    private sealed class Delivery<T>(PatientRetry policy, T context) : RetryPolicyContext<T> where T : class, PipeContext
    {
        private readonly long _since = policy.Clock.GetTimestamp();

        public T Context => context;

        public bool CanRetry(Exception exception, out RetryContext<T> retryContext) =>
            new Failure<T>(policy, context, exception, _since, 0, 0).CanRetry(exception, out retryContext);

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
    private sealed class Failure<T>(PatientRetry policy, T context, Exception exception, long since, int mistakes, int outages)
        : BaseRetryContext<T>(context, exception, mistakes + outages, context.CancellationToken), RetryContext<T>
        where T : class, PipeContext
    {
        public bool CanRetry(Exception exception, out RetryContext<T> retryContext)
        {
            var isOutage = Outage.IsCauseOf(exception);
            retryContext = new Failure<T>(
                policy, Context, exception, since, isOutage ? mistakes : mistakes + 1, isOutage ? outages + 1 : outages);
            return isOutage || mistakes < Tries;
        }

        public override async Task PreRetry()
        {
            if (policy.Hold != Timeout.InfiniteTimeSpan && policy.Clock.GetElapsedTime(since) > policy.Hold)
                throw new OperationCanceledException("The outage lasts: the delivery goes back to its queue.");
            using var either = CancellationTokenSource.CreateLinkedTokenSource(policy.Stopping, CancellationToken);
            await Task.Delay(Pause(), policy.Clock, either.Token);
        }

        private TimeSpan Pause() => Outage.IsCauseOf(Exception)
            ? Outage.Pause(outages)
            : TimeSpan.FromMilliseconds(Math.Min(5000, 20 + 50 * (Math.Pow(2, mistakes - 1) - 1)));
    }

    private TimeSpan Hold => hold;
    private TimeProvider Clock => clock;
    private CancellationToken Stopping => stopping;
}
