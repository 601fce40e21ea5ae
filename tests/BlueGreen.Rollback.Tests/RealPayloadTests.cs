using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Sources;
using BlueGreen.Rollback.Tests.Fixture;

namespace BlueGreen.Rollback.Tests;

/// <summary>
/// Payloads of real systems, where there is a folder of them: the environment variable <c>BLUEGREEN_PAYLOADS</c> names the one that has
/// <c>B-alarms</c> below it. They are not part of this repository.
/// </summary>
public sealed class RealPayloadTests
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("BLUEGREEN_PAYLOADS");

    public static TheoryData<string> Files => Folder is null
        ? ["none"]
        : [.. Directory.EnumerateFiles(Path.Combine(Folder, "B-alarms"), "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Payload_OfARealSystem_IsAnsweredProperlyByEverySource(string file)
    {
        if (Folder is null) return;
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);
        var body = await File.ReadAllTextAsync(Path.Combine(Folder, "B-alarms", file), TestContext.Current.CancellationToken);
        foreach (var source in AllSources.Every)
        {
            var answer = await host.SendAsync(source.Name, body);
            Assert.True(
                answer.Status == 202 || answer is { Status: >= 400 and < 500, Field.Length: > 0 }, $"{source.Name}: {answer.Status} {answer.Json}");
        }
    }

    [Theory]
    [InlineData("alerta-prometheus-v4-alert.json", "alertmanager", "firing")]
    [InlineData("alertmanager-v4-real-params2.json", "alertmanager", "firing firing")]
    [InlineData("grafana-alerting-webhook-docs.json", "grafana", "firing firing")]
    [InlineData("oncall-grafana-alerting-example_payload.json", "grafana", "firing firing firing")]
    [InlineData("grafana-v12-test-notification.json", "grafana", "note")]
    [InlineData("alerta-grafana-alert-alerting.json", "grafana", "alerts")]
    [InlineData("grafana-legacy-params1.json", "grafana", "alerts")]
    [InlineData("grafana-legacy-params3.json", "grafana", "alerts")]
    [InlineData("alerta-new-relic-notification.json", "newrelic", "note")]
    [InlineData("newrelic-workflow-default-partial.json", "newrelic", "firing")]
    [InlineData("alerta-stackdriver-open.json", "gcp", "firing")]
    [InlineData("alerta-stackdriver-closed.json", "gcp", "resolved")]
    [InlineData("gcp-monitoring-webhook-test.json", "gcp", "note")]
    [InlineData("gcp-monitoring-webhook-v1.2-open.json", "gcp", "firing")]
    [InlineData("azuremonitor-alertContext-dynamic-threshold.json", "azuremonitor", "schemaId")]
    [InlineData("cloudwatch-eventbridge-01-state-ServerCpuTooHigh.json", "eventbridge", "firing")]
    [InlineData("cloudwatch-eventbridge-02-state-TotalNetworkTrafficTooHigh.json", "eventbridge", "firing")]
    [InlineData("cloudwatch-eventbridge-04-state-ServiceAggregatedAlarm.json", "eventbridge", "note")]
    [InlineData("cloudwatch-eventbridge-05-config-ServiceAggregatedAlarm.json", "eventbridge", "note")]
    [InlineData("cloudwatch-eventbridge-07-config-ServerCpuTooHigh.json", "eventbridge", "note")]
    [InlineData("pagerduty-v3-incident-priority_updated.json", "pagerduty", "note")]
    [InlineData("pagerduty-v3-signed-vector.body.json", "pagerduty", "note")]
    [InlineData("sns-http-notification.json", "sns", "note")]
    [InlineData("sns-http-real-cloudwatch-param.json", "sns", "resolved")]
    [InlineData("sns-http-subscriptionconfirmation.json", "sns", "note")]
    [InlineData("cloudwatch-alarm-inner-message-single-metric.json", "sns", "Type")]
    public async Task Payload_OfARealSystem_SaysWhatItDocuments(string file, string source, string expected)
    {
        if (Folder is null) return;
        var reading = AllSources.Of(source).Read(AllSources.Request(await ReadAsync(file)), AllSources.Options);
        Assert.Equal(expected, reading.Problem?.Field ?? string.Join(' ', reading.Alarms.Select(
            alarm => alarm switch { { Firing: true } => "firing", { Note: not null } => "note", _ => "resolved" })));
    }

    [Fact]
    public async Task PagerDutyVector_OfPagerDutysOwnClient_VerifiesAndItsTamperedTwinDoesNot()
    {
        if (Folder is null) return;
        var lines = await File.ReadAllLinesAsync(Path.Combine(Folder, "B-alarms", "pagerduty-v3-signed-vector.secret.txt"), TestContext.Current.CancellationToken);
        var body = await ReadAsync("pagerduty-v3-signed-vector.body.json");
        if (body[^1] == '\n') body = body[..^1];
        var options = new AlarmSourceOptions { Secret = lines[0] };
        var header = lines[1].Split(": ", 2);
        Task<FieldProblem?> CheckAsync(byte[] bytes) => AllSources.Of("pagerduty")
            .AuthenticateAsync(AllSources.Request(bytes, (header[0], header[1])), options, TestContext.Current.CancellationToken).AsTask();
        Assert.Null(await CheckAsync(body));
        body[100] ^= 1;
        Assert.Equal("X-PagerDuty-Signature", (await CheckAsync(body))?.Field);
    }

    [Fact]
    public async Task SnsVector_WithItsCertificate_VerifiesAndItsTamperedTwinDoesNot()
    {
        if (Folder is null) return;
        var text = Encoding.UTF8.GetString(await ReadAsync("sns-signature-vector-sha1withrsa.json"));
        Assert.Equal("SigningCertURL", (await CheckAsync(text))?.Field);
        text = text.Replace("\"SigningCertURL\": \"http://www.example.com\"", "\"SigningCertURL\": \"https://sns.eu-west-1.amazonaws.com/a.pem\"", StringComparison.Ordinal);
        Assert.Equal(
            (await File.ReadAllTextAsync(Path.Combine(Folder, "B-alarms", "sns-signature-vector-sha1withrsa.string-to-sign.txt"), TestContext.Current.CancellationToken)).TrimEnd(),
            SnsSignature.StringToSign(PayloadValue.Parse(Encoding.UTF8.GetBytes(text)).Root)?.TrimEnd());
        Assert.Null(await CheckAsync(text));
        Assert.Equal("Signature", (await CheckAsync(text.Replace("I am a message", "I am another message", StringComparison.Ordinal)))?.Field);
        Assert.Equal("Signature", (await CheckAsync(text.Replace("\"SignatureVersion\": \"1\"", "\"SignatureVersion\": \"2\"", StringComparison.Ordinal)))?.Field);
    }

    private static async Task<FieldProblem?> CheckAsync(string message)
    {
        using var certificate = X509Certificate2.CreateFromPem(
            await File.ReadAllTextAsync(Path.Combine(Folder!, "B-alarms", "sns-signature-vector-sha1withrsa.cert.pem"), TestContext.Current.CancellationToken));
        using var key = certificate.GetRSAPublicKey();
        return await new SnsSignature(new OneCertificate(key!)).CheckAsync(
            PayloadValue.Parse(Encoding.UTF8.GetBytes(message)).Root, TestContext.Current.CancellationToken);
    }

    private static Task<byte[]> ReadAsync(string file) =>
        File.ReadAllBytesAsync(Path.Combine(Folder!, "B-alarms", file), TestContext.Current.CancellationToken);

    private sealed class OneCertificate(RSA key) : ISnsCertificates
    {
        public Task<SnsCertificate> FindAsync(Uri address, CancellationToken cancellationToken) => Task.FromResult(new SnsCertificate(key, true));
    }
}
