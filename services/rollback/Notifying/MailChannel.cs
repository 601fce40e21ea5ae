using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace BlueGreen.Rollback.Notifying;

/// <summary>Hands notifications to a mail server as plain text.</summary>
internal sealed class MailChannel(IOptionsMonitor<SmtpOptions> smtp, TimeProvider clock) : INotifyChannel
{
    public string Kind => "email";

    public async Task SendAsync(NotificationDelivery delivery, NotifyTargetOptions target, CancellationToken cancellationToken)
    {
        var server = smtp.CurrentValue;
        using var message = Compose(delivery, target, server);
        using var limit = new CancellationTokenSource(server.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var client = new SmtpClient();
        await client.ConnectAsync(server.Host, server.Port, SecurityOf(server), either.Token);
        if (server.User.Length > 0) await client.AuthenticateAsync(server.User, server.Password, either.Token);
        await client.SendAsync(message, either.Token);
        await client.DisconnectAsync(quit: true, either.Token);
    }

    private MimeMessage Compose(NotificationDelivery delivery, NotifyTargetOptions target, SmtpOptions server)
    {
        var from = MailboxAddress.Parse(server.From);
        var message = new MimeMessage
        {
            // The library folds and encodes headers, so that no text can add one.
            Subject = NotificationText.Fill(target.Subject, delivery.Notification).ReplaceLineEndings(" "),
            Body = new TextPart("plain") { Text = NotificationText.Fill(target.TextTemplate, delivery.Notification) },
            MessageId = $"{delivery.Id}@{from.Domain}",
            Date = clock.GetUtcNow(),
            Priority = delivery.Notification.IsUrgent ? MessagePriority.Urgent : MessagePriority.Normal,
        };
        message.From.Add(from);
        foreach (var address in target.To) message.To.Add(MailboxAddress.Parse(address));
        return message;
    }

    private static SecureSocketOptions SecurityOf(SmtpOptions server) => server.Security switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "none" => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };
}
