using System.Text;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// CloudWatch alarms through an SNS topic's HTTPS subscription. Every message is signed by SNS; only the topics in the options are heard, and
/// their subscription is confirmed by itself. Raw message delivery must be off: raw messages are not signed.
/// </summary>
internal sealed class SnsSource(SnsSignature signature) : IAlarmSource
{
    public string Name => "sns";

    public IReadOnlyList<string> EnabledBy => [nameof(AlarmSourceOptions.TopicArns)];

    public bool TakesTokenInQuery => true;

    public async ValueTask<FieldProblem?> AuthenticateAsync(
        WebhookRequest request, AlarmSourceOptions options, CancellationToken cancellationToken)
    {
        var (envelope, problem) = PayloadValue.Parse(request.Body);
        if (problem is not null) return problem;
        if (envelope["Type"].Text is null)
            return envelope["Type"].Refuse("This is no SNS message. Turn raw message delivery off: raw messages are not signed.");
        if (envelope["TopicArn"].Text is not { } topic) return envelope["TopicArn"].Refuse("An SNS message names its topic.");
        if (!options.TopicArns.Contains(topic))
            return new(StatusCodes.Status403Forbidden, "TopicArn", $"The topic is not among {RollbackOptions.Section}:Sources:{Name}:TopicArns.");
        return await signature.CheckAsync(envelope, cancellationToken) ?? CheckAge(envelope, request.ReceivedAt - options.MaxAge);
    }

    // After the signature, which covers it: until then anybody may have written it.
    private static FieldProblem? CheckAge(PayloadValue envelope, DateTimeOffset oldest) => envelope["Timestamp"].Time() >= oldest
        ? null
        : new(StatusCodes.Status401Unauthorized, "Timestamp", $"The message must not be from before {oldest:O}: SNS repeats none for so long.");

    public AlarmReading Read(WebhookRequest request, AlarmSourceOptions options)
    {
        var (envelope, problem) = PayloadValue.Parse(request.Body);
        if (problem is not null) return AlarmReading.Invalid(problem);
        switch (envelope["Type"].Text)
        {
            case "Notification":
                var message = envelope["Message"];
                if (message.Text is not { } text) return AlarmReading.Invalid(message.Refuse("A notification has a message."));
                var (inner, malformed) = PayloadValue.Parse(Encoding.UTF8.GetBytes(text), "Message");
                return malformed is null
                    ? CloudWatchAlarm.OfMessage(inner, Name)
                    : AlarmReading.Nothing(Name, envelope["Subject"].Text ?? "message", "the message is no CloudWatch alarm");
            case "SubscriptionConfirmation":
                var address = envelope.Any("SubscribeURL", "SubscribeUrl");
                return SnsAddress.ForConfirmation(address.Text, envelope["TopicArn"].Text!) is { } url
                    ? AlarmReading.Nothing(Name, "SubscriptionConfirmation", "the subscription is confirmed").Confirming(url)
                    : AlarmReading.Invalid(
                        address.Refuse("It must be the https address of an SNS endpoint at amazonaws.com that confirms this topic's subscription."));
            case "UnsubscribeConfirmation":
                return AlarmReading.Nothing(Name, "UnsubscribeConfirmation", "the topic was unsubscribed; no alarms of it will come any more");
            default:
                return AlarmReading.Invalid(
                    envelope["Type"].Refuse("It must be `Notification`, `SubscriptionConfirmation` or `UnsubscribeConfirmation`."));
        }
    }
}
