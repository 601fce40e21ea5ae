using System.Diagnostics;
using System.Globalization;
using BlueGreen.Contracts;
using MassTransit;

namespace BlueGreen.Platform.Faults;

/// <summary>Makes the record of a fault.</summary>
internal static class FaultRecords
{
    private const int LongestText = 16 * 1024;

    public static MessageFaulted Of(ReceiveContext context, FaultKind kind, string service, string queue, Exception? exception, DateTimeOffset now) =>
        Of(
            kind, service, queue, context.Body.GetBytes(), context.ContentType?.ToString(),
            context.TransportHeaders.GetAll().ToDictionary(header => header.Key, header => Text(header.Value)), context.GetMessageId(), now)
            with
        {
            ExceptionType = exception?.GetType().FullName ?? "",
            ExceptionMessage = exception is null ? "Nobody at this queue consumes messages of this type." : Cut(exception.Message),
            StackTrace = exception is null ? null : Cut(exception.ToString()),
        };

    /// <summary>A message found in an error queue: what went wrong is in its headers.</summary>
    public static MessageFaulted OfErrorQueue(
        FaultKind kind, string service, string queue, byte[] body, string? contentType, Dictionary<string, string> headers, Guid? messageId,
        DateTimeOffset now) =>
        Of(kind, service, queue, body, contentType, headers, messageId, now) with
        {
            ExceptionType = headers.GetValueOrDefault(MessageHeaders.FaultExceptionType) ?? "",
            ExceptionMessage = headers.GetValueOrDefault(MessageHeaders.FaultMessage) ?? headers.GetValueOrDefault(MessageHeaders.Reason) ?? "",
            StackTrace = headers.GetValueOrDefault(MessageHeaders.FaultStackTrace),
            FaultedAt = DateTimeOffset.TryParse(
                headers.GetValueOrDefault(MessageHeaders.FaultTimestamp), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                ? at : now,
        };

    public static MessageFaulted OfWork(string service, string kind, byte[] command, Exception exception, bool isAnswered, DateTimeOffset now)
    {
        var read = FaultedBody.OfCommand(command, kind);
        return Empty(FaultKind.Work, service, kind, command, now) with
        {
            MessageType = kind,
            ContentType = "application/json",
            DeploymentId = read.DeploymentId,
            Endpoint = read.Endpoint,
            Attempt = read.Attempt,
            ExceptionType = exception.GetType().FullName!,
            ExceptionMessage = Cut(exception.Message),
            StackTrace = Cut(exception.ToString()),
            IsAnswered = isAnswered,
        };
    }

    private static MessageFaulted Of(
        FaultKind kind, string service, string queue, byte[] body, string? contentType, Dictionary<string, string> headers, Guid? messageId,
        DateTimeOffset now)
    {
        var read = FaultedBody.OfEnvelope(body);
        return Empty(kind, service, queue, body, now) with
        {
            MessageId = messageId ?? read.MessageId,
            MessageType = read.MessageType,
            ContentType = contentType ?? "",
            Headers = headers,
            DeploymentId = read.DeploymentId,
            Endpoint = read.Endpoint,
            Attempt = read.Attempt,
        };
    }

    private static MessageFaulted Empty(FaultKind kind, string service, string queue, byte[] body, DateTimeOffset now) => new()
    {
        FaultId = Guid.CreateVersion7(now),
        Kind = kind,
        Service = service,
        Queue = queue,
        MessageType = "",
        ContentType = "",
        Body = Convert.ToBase64String(body),
        Headers = new Dictionary<string, string>(),
        ExceptionType = "",
        ExceptionMessage = "",
        TraceId = Activity.Current?.TraceId.ToString(),
        FaultedAt = now,
    };

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];
}
