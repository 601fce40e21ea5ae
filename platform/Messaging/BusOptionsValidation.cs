using Microsoft.Extensions.Options;

namespace BlueGreen.Platform.Messaging;

/// <summary>
/// Times that must fit each other. An outbox row never expires: it goes when the broker has confirmed it. So what a repetition can be late
/// by is the longest hold of a delivery, twice, and the inbox must remember for longer.
/// </summary>
internal sealed class BusOptionsValidation : IValidateOptions<BusOptions>
{
    public ValidateOptionsResult Validate(string? name, BusOptions options)
    {
        var problems = new List<string>();
        Require(options.SendTimeout > TimeSpan.Zero, nameof(options.SendTimeout), "must be positive");
        Require(options.DispatchPoll > TimeSpan.Zero, nameof(options.DispatchPoll), "must be positive");
        Require(options.SideQueuePoll > TimeSpan.Zero, nameof(options.SideQueuePoll), "must be positive");
        Require(
            options.ConsumerPatience >= TimeSpan.FromSeconds(1) && options.ConsumerPatience <= TimeSpan.FromHours(1),
            nameof(options.ConsumerPatience), "must be between 1 second and 1 hour");
        Require(options.OutageHold > options.SendTimeout, nameof(options.OutageHold), $"must be longer than {nameof(options.SendTimeout)}");
        Require(
            options.Heartbeat >= TimeSpan.FromSeconds(1) && options.Heartbeat <= TimeSpan.FromMinutes(5), nameof(options.Heartbeat),
            "must be between 1 second and 5 minutes");
        Require(
            options.OutageHold < TimeSpan.FromMinutes(30), nameof(options.OutageHold),
            "must be shorter than the 30 minutes after which RabbitMQ takes an unacknowledged delivery away");
        Require(
            options.InboxRetention > 2 * options.OutageHold, nameof(options.InboxRetention),
            $"must be more than twice {nameof(options.OutageHold)}, or a late repetition would be handled again");
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

        void Require(bool condition, string option, string what)
        {
            if (!condition) problems.Add($"{BusOptions.Section}:{option} {what}.");
        }
    }
}
