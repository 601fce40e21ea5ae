using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using BlueGreen.Contracts;
using BlueGreen.Orchestrator.Deployments;
using BlueGreen.Platform.Messaging;
using MassTransit;
using MassTransit.Context;
using MassTransit.Scheduling;
using MassTransit.Serialization;

namespace BlueGreen.Orchestrator.Tests.ModelBased;

/// <summary>
/// Stands for everything that MassTransit hands to the state machine with a message, and has nothing behind it: no bus, no host, no
/// database. What is published and which deadline is set goes to the <see cref="SagaDriver"/>.
/// </summary>
[SuppressMessage("Performance", "CA1852", Justification = "Proxies are derived from it at run time.")]
internal class DrivenContext : DispatchProxy
{
    private SagaDriver _driver = null!;
    private object? _message;
    private DictionarySendHeaders? _headers;

    /// <param name="driver">Hears what the step does.</param>
    /// <param name="saga">The instance that the message is for.</param>
    /// <param name="message">The message.</param>
    /// <param name="token">Of a deadline: the timer it comes from.</param>
    public static SagaConsumeContext<Deployment, T> Create<T>(SagaDriver driver, Deployment saga, T message, Guid? token) where T : class
    {
        var context = Stand<ConsumeContext<T>>(driver);
        var self = (DrivenContext)(object)context;
        (self._message, self._headers) = (message, new DictionarySendHeaders());
        if (token is { } timer) self._headers.Set(MessageHeaders.SchedulingTokenId, timer.ToString());
        return new WithSaga<T>(context, saga);
    }

    public static T Stand<T>(SagaDriver driver) where T : class
    {
        var stand = Create<T, DrivenContext>();
        ((DrivenContext)(object)stand)._driver = driver;
        return stand;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case "get_Message": return _message;
            case "get_Headers": return _headers;
            case "get_ReceiveContext": return _driver.Received;
            case "get_PublishEndpointProvider": return _driver.Publisher;
            case "GetPublishSendEndpoint": return Task.FromResult(_driver.Sender);
            case "Send": return _driver.Published((IDeploymentMessage)args![0]!);
            case "ScheduleSend": return Schedule((DateTime)args![0]!, (DeadlineExpired)args[1]!);
            case "CancelScheduledSend": return _driver.Cancel(args!.OfType<Guid>().Single());
            case "HasPayloadType": return Payload((Type)args![0]!) is not null;
            case "TryGetPayload":
                args![0] = Payload(targetMethod.GetGenericArguments()[0]);
                return args[0] is not null;
            default:
                return targetMethod.ReturnType == typeof(void) || !targetMethod.ReturnType.IsValueType
                    ? null
                    : Activator.CreateInstance(targetMethod.ReturnType);
        }
    }

    private Task<ScheduledMessage<DeadlineExpired>> Schedule(DateTime due, DeadlineExpired message)
    {
        var token = _driver.Set(message, due - TimeProvider.System.GetUtcNow().UtcDateTime);
        return Task.FromResult<ScheduledMessage<DeadlineExpired>>(
            new ScheduledMessageHandle<DeadlineExpired>(token, due, new Uri("loopback://saga"), message));
    }

    private object? Payload(Type type)
    {
        if (type == typeof(IConsumeTransaction)) return _driver;
        if (type == typeof(MessageSchedulerContext)) return _driver.Scheduler;
        return type.IsInstanceOfType(this) ? this : null;
    }

    private sealed class WithSaga<T>(ConsumeContext<T> context, Deployment saga)
        : ConsumeContextProxy<T>(context), SagaConsumeContext<Deployment, T> where T : class
    {
        public Deployment Saga => saga;
        public bool IsCompleted => false;

        public Task SetCompleted() => Task.CompletedTask;
    }
}
