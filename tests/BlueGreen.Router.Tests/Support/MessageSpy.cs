using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Router.Tests.Support;

/// <summary>Keeps what the router publishes.</summary>
internal sealed class MessageSpy
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Lock _gate = new();
    private readonly List<object> _messages = [];
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<T> All<T>()
    {
        lock (_gate) return _messages.OfType<T>().ToArray();
    }

    /// <summary>The first message that fits, whether it has come or is yet to come.</summary>
    public async Task<T> NextAsync<T>(Func<T, bool> fits) => (await NextAsync(fits, count: 1))[0];

    public async Task<IReadOnlyList<T>> NextAsync<T>(Func<T, bool> fits, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            Task next;
            lock (_gate)
            {
                if (_messages.OfType<T>().Where(fits).ToArray() is var found && found.Length >= count) return found;
                next = _next.Task;
            }

            await next.WaitAsync(limit.Token);
        }
    }

    private void Add(object message)
    {
        lock (_gate)
        {
            _messages.Add(message);
            var next = _next;
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            next.SetResult();
        }
    }

    internal sealed class SpyConsumer(MessageSpy spy) :
        IConsumer<TrafficSwitched>, IConsumer<SwitchingFailed>, IConsumer<TrafficReverted>,
        IConsumer<StandbyReleased>, IConsumer<StandbyReleaseFailed>, IConsumer<CapturesRead>, IConsumer<AttentionRequired>
    {
        public Task Consume(ConsumeContext<TrafficSwitched> context) => Note(context.Message);
        public Task Consume(ConsumeContext<SwitchingFailed> context) => Note(context.Message);
        public Task Consume(ConsumeContext<TrafficReverted> context) => Note(context.Message);
        public Task Consume(ConsumeContext<StandbyReleased> context) => Note(context.Message);
        public Task Consume(ConsumeContext<StandbyReleaseFailed> context) => Note(context.Message);

        public Task Consume(ConsumeContext<CapturesRead> context) => Note(context.Message);

        public Task Consume(ConsumeContext<AttentionRequired> context) => Note(context.Message);

        private Task Note(object message)
        {
            spy.Add(message);
            return Task.CompletedTask;
        }
    }
}
