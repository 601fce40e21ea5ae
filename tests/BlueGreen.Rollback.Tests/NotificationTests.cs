using System.Text;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Notifying;
using BlueGreen.Rollback.Tests.Fixture;

namespace BlueGreen.Rollback.Tests;

public sealed class NotificationTests
{
    private const string Secret = "a secret of the receiver";

    [Fact]
    public async Task Rollback_WithTargets_IsPostedSignedAndToTheChat_UntilItIsTaken()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var sink = await WebhookSink.StartAsync();
        sink.Refusals = 1;
        await using var host = await RollbackHost.StartAsync(Targets(sink.Address), router.Address);
        await host.ConfigureAsync("fraud", 2, [new NotifyRule { SecretRef = "hook" }, new NotifyRule { SecretRef = "chat", On = ["reverted"] }]);

        await host.PublishAsync(new TrafficReverted
        {
            DeploymentId = router.Green,
            Endpoint = "fraud",
            Epoch = 8,
            Reason = "errors <!channel>",
            RequestedBy = "alarm:alertmanager",
            RevertedAt = TimeProvider.System.GetUtcNow(),
        });

        await Eventually.BecomesTrueAsync(() => sink.Received.Count >= 3, () => string.Join("; ", sink.Received));
        var hook = sink.Received.Last(post => post.Path == "/hook");
        var signature = WebhookSignature.Compute(Secret, $"{hook.Headers["X-BlueGreen-Delivery"]}.{hook.Headers["X-BlueGreen-Timestamp"]}.", hook.Body);
        Assert.Equal($"sha256={Convert.ToHexStringLower(signature)}", hook.Headers["X-BlueGreen-Signature"]);
        var told = JsonSerializer.Deserialize<JsonElement>(hook.Body);
        Assert.Equal(("reverted", "fraud"), (told.GetProperty("event").GetString(), told.GetProperty("endpoint").GetString()));
        var chat = JsonSerializer.Deserialize<JsonElement>(sink.Received.Last(post => post.Path == "/chat").Body).GetProperty("text").GetString();
        Assert.StartsWith("fraud", chat, StringComparison.Ordinal);
        Assert.Contains("errors &lt;!channel&gt;", chat, StringComparison.Ordinal);
        // The repetition says that it is one.
        Assert.Single(sink.Received.Where(post => post.Path == "/hook").Select(post => post.Headers["X-BlueGreen-Delivery"]).Distinct());
    }

    [Fact]
    public async Task Target_ThatIsNotToBeToldOfIt_IsNot()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var sink = await WebhookSink.StartAsync();
        await using var host = await RollbackHost.StartAsync(Targets(sink.Address), router.Address);
        await host.ConfigureAsync("fraud", 2, [new NotifyRule { SecretRef = "chat", On = ["refused"] }, new NotifyRule { SecretRef = "hook", On = ["rolled-back"] }]);

        await host.PublishAsync(new DeploymentRolledBack
        {
            DeploymentId = router.Green,
            Endpoint = "fraud",
            Model = "fraud",
            Version = "v7",
            Reason = "errors",
            EvidencePath = "/evidence/v7",
        });

        await Eventually.BecomesTrueAsync(() => sink.Received.Count > 0);
        var post = Assert.Single(sink.Received);
        Assert.Equal("/hook", post.Path);
        Assert.Contains("/evidence/v7", Encoding.UTF8.GetString(post.Body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Webhook_WithATemplate_IsPostedItsJsonSigned()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var sink = await WebhookSink.StartAsync();
        var settings = Targets(sink.Address);
        settings["BlueGreen:Rollback:Targets:hook:Template"] = """{"content":"{event} of {endpoint}: {reason}","tags":["{version}"]}""";
        await using var host = await RollbackHost.StartAsync(settings, router.Address);
        await host.ConfigureAsync("fraud", 2, [new NotifyRule { SecretRef = "hook", On = ["rolled-back"] }]);

        await host.PublishAsync(new DeploymentRolledBack
        {
            DeploymentId = router.Green,
            Endpoint = "fraud",
            Model = "fraud",
            Version = "v7",
            Reason = "errors \"{text}\"\n",
            EvidencePath = "/evidence/v7",
        });

        await Eventually.BecomesTrueAsync(() => sink.Received.Count > 0);
        var hook = Assert.Single(sink.Received);
        var told = JsonSerializer.Deserialize<JsonElement>(hook.Body);
        Assert.Equal("rolled-back of fraud: errors \"(text)\"\n", told.GetProperty("content").GetString());
        Assert.Equal("v7", told.GetProperty("tags")[0].GetString());
        var signature = WebhookSignature.Compute(Secret, $"{hook.Headers["X-BlueGreen-Delivery"]}.{hook.Headers["X-BlueGreen-Timestamp"]}.", hook.Body);
        Assert.Equal($"sha256={Convert.ToHexStringLower(signature)}", hook.Headers["X-BlueGreen-Signature"]);
    }

    [Theory]
    [InlineData("{text}", "He said (event)")]
    [InlineData("{urgency}{endpoint}@{at}: {event}", "URGENT: fraud@2026-02-03 04:05:06Z: attention")]
    [InlineData("{deployment} {version}", "no deployment ")]
    public void Template_IsFilledInOnce(string template, string expected) => Assert.Equal(expected, NotificationText.Fill(template, new Notification
    {
        Event = Notification.Attention,
        Endpoint = "fraud",
        IsUrgent = true,
        Text = "He said {event}",
        At = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero),
    }));

    [Theory]
    [InlineData("webhook", null, "{\"text\":\"{text}\"}", "Url")]
    [InlineData("webhook", null, null, "Url")]
    [InlineData("slack", "ftp://chat.example/x", "{text}", "Url")]
    [InlineData("email", null, "{text}", "To")]
    [InlineData("webhook", "https://hook.example/x", "{txt}", "{txt}")]
    [InlineData("webhook", "https://hook.example/x", "{text}", "JSON")]
    [InlineData("webhook", "https://hook.example/x", "{\"text\":{text}}", "JSON")]
    public void Target_ThatCannotWork_StopsTheStartAndSaysWhy(string kind, string? url, string? template, string named)
    {
        var target = new NotifyTargetOptions { Kind = kind, Url = url is null ? null : new Uri(url), Template = template };
        Assert.Contains(named, target.Problem(new SmtpOptions()), StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Targets(Uri sink) => new()
    {
        ["BlueGreen:Rollback:Targets:hook:Url"] = $"{sink}hook",
        ["BlueGreen:Rollback:Targets:hook:Secret"] = Secret,
        ["BlueGreen:Rollback:Targets:chat:Kind"] = "slack",
        ["BlueGreen:Rollback:Targets:chat:Url"] = $"{sink}chat",
        ["BlueGreen:Work:MaxTries"] = "8",
    };
}
