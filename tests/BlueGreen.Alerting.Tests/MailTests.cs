using BlueGreen.Alerting.Tests.Fixture;
using BlueGreen.Contracts;
using MimeKit;

namespace BlueGreen.Alerting.Tests;

/// <summary>Notifications through a real SMTP server.</summary>
public sealed class MailTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task Rollback_WithAMailTarget_IsDeliveredByARealServer_AlsoWhenThatCameUpLater()
    {
        RealSystems.Require(RealSystems.Smtp);
        var port = SystemProcess.FreePort();
        await using var scene = await PlatformScene.StartAsync(
            new Dictionary<string, string?>
            {
                ["BlueGreen:Rollback:Smtp:Host"] = "127.0.0.1",
                ["BlueGreen:Rollback:Smtp:Port"] = $"{port}",
                ["BlueGreen:Rollback:Smtp:Security"] = "none",
                ["BlueGreen:Rollback:Smtp:From"] = "bluegreen@example.org",
                ["BlueGreen:Rollback:Targets:ml-team:Kind"] = "email",
                ["BlueGreen:Rollback:Targets:ml-team:To:0"] = "ml@example.org",
            },
            [new NotifyRule { SecretRef = "ml-team", On = ["rolled-back"] }]);
        await scene.PublishAsync(new DeploymentRolledBack
        {
            DeploymentId = Guid.NewGuid(),
            Endpoint = "fraud",
            Model = "fraud",
            Version = "v7",
            Reason = "alarm errors: 3 % of the requests fail\r\nBcc: everybody@example.org",
        });
        // The first try finds nobody; the server comes up only now.
        await using var server = await SystemProcess.StartAsync(
            RealSystems.Smtp, scene.Folder, port, "-n", "-l", $"127.0.0.1:{port}", "-c", "aiosmtpd.handlers.Mailbox", "mail");

        var inbox = Path.Combine(scene.Folder, "mail", "new");
        await Eventually.BecomesTrueAsync(
            () => Task.FromResult(Directory.Exists(inbox) && Directory.EnumerateFiles(inbox).Any()), Limit, server.Said);
        var mail = await MimeMessage.LoadAsync(Assert.Single(Directory.EnumerateFiles(inbox)), TestContext.Current.CancellationToken);
        Assert.Equal("[rolled-back] fraud: v7", mail.Subject);
        Assert.Equal("ml@example.org", mail.To.Mailboxes.Single().Address);
        Assert.Null(mail.Headers["Bcc"]);
        Assert.Contains("v7 was rolled back (alarm errors: 3 % of the requests fail", mail.TextBody, StringComparison.Ordinal);
    }
}
