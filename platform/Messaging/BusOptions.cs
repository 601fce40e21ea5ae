using System.ComponentModel.DataAnnotations;
using MassTransit;

namespace BlueGreen.Platform.Messaging;

/// <summary>How services reach each other.</summary>
public sealed class BusOptions
{
    public const string Section = "BlueGreen:Bus";
    public const string Embedded = "embedded";
    public const string RabbitMq = "rabbitmq";

    /// <summary><c>embedded</c> (all services in this process) or <c>rabbitmq</c>.</summary>
    [AllowedValues(Embedded, RabbitMq)]
    public string Transport { get; set; } = Embedded;

    /// <summary>AMQP URI with credentials and virtual host, e.g. <c>amqp://user:password@rabbitmq:5672/bluegreen</c>.</summary>
    public string Host { get; set; } = "amqp://localhost:5672/";

    /// <summary>Messages handled at once per queue.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = 8;

    /// <summary>Outbox rows sent in one round, with all their confirms in flight together.</summary>
    [Range(1, 1000)]
    public int DispatchBatch { get; set; } = 100;

    /// <summary>Longest wait for one publisher confirm: a confirm lost with a killed broker would never come.</summary>
    public TimeSpan SendTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the outbox is looked at without having been woken.</summary>
    public TimeSpan DispatchPoll { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a delivery waits, unacknowledged, for a database that is away before it goes back to its queue: for another replica, which
    /// may be able to reach it. Must be well below the broker's <c>consumer_timeout</c> (30 minutes by default).
    /// </summary>
    public TimeSpan OutageHold { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Between signs of life to the broker. After two that did not come it gives the process's deliveries to another replica: a process
    /// that is stopped, but not gone, keeps its connection.
    /// </summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a queue of this process may be without a consumer while the broker answers, before the process ends to be started again;
    /// longer than a start on a busy machine, and than the longest pause between two attempts of the transport, which is half a minute.
    /// </summary>
    public TimeSpan ConsumerPatience { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long handled message ids are remembered; longer than any message can be in flight.</summary>
    public TimeSpan InboxRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How often RabbitMQ's <c>_error</c> and <c>_skipped</c> queues are emptied into the faults.</summary>
    public TimeSpan SideQueuePoll { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Sends every deployment message once at start-up, marked, and rolls back what it led to, so that the first real ones find compiled
    /// code. For the embedded bus: on RabbitMQ they would reach other processes.
    /// </summary>
    public bool RehearsesMessages { get; set; }

    public bool IsEmbedded => Transport == Embedded;

    internal void Configure(IRabbitMqHostConfigurator host)
    {
        host.PublisherConfirmation = true;
        host.Heartbeat(Heartbeat);
    }
}
