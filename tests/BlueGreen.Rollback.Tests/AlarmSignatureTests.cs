using System.Text;
using System.Text.Json.Nodes;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Sources;
using BlueGreen.Rollback.Tests.Fixture;
using BlueGreen.Testing.Alarms;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace BlueGreen.Rollback.Tests;

public sealed class AlarmSignatureTests
{
    private static readonly byte[] Sns = AlarmPayload.Find("sns", "firing--metric").Body;

    [Fact]
    public async Task Grafana_Signed_IsAuthenticAndItsTamperedTwinIsNot()
    {
        var body = AlarmPayload.Find("grafana", "firing--one").Body;
        var signature = Convert.ToHexStringLower(WebhookSignature.Compute(AlarmSender.Secret, "", body));
        Assert.Null(await CheckAsync("grafana", body, ("X-Grafana-Alerting-Signature", signature)));
        Assert.Equal("X-Grafana-Alerting-Signature", (await CheckAsync("grafana", Tamper(body), ("X-Grafana-Alerting-Signature", signature)))?.Field);
        Assert.Equal(401, (await CheckAsync("grafana", body))?.Status);
    }

    [Fact]
    public async Task Grafana_SignedWithATimestamp_IsAuthenticForFiveMinutes()
    {
        var options = new AlarmSourceOptions { Secret = AlarmSender.Secret, TimestampHeader = "X-Sent-At" };
        var body = AlarmPayload.Find("grafana", "firing--one").Body;
        foreach (var (age, isAuthentic) in new[] { (0, true), (299, true), (-200, true), (400, false) })
        {
            var sent = $"{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - age}";
            var signature = Convert.ToHexStringLower(WebhookSignature.Compute(AlarmSender.Secret, $"{sent}:", body));
            var request = AllSources.Request(body, ("X-Grafana-Alerting-Signature", signature), ("X-Sent-At", sent));
            var problem = await AllSources.Of("grafana").AuthenticateAsync(request, options, TestContext.Current.CancellationToken);
            Assert.Equal(isAuthentic ? null : "X-Sent-At", problem?.Field);
        }
    }

    [Fact]
    public async Task Grafana_SignedInAHeaderOfItsContactPointsChoice_IsAuthentic()
    {
        var options = new AlarmSourceOptions { Secret = AlarmSender.Secret, SignatureHeader = "X-Our-Signature" };
        var body = AlarmPayload.Find("grafana", "firing--one").Body;
        var signature = Convert.ToHexStringLower(WebhookSignature.Compute(AlarmSender.Secret, "", body));
        ValueTask<FieldProblem?> SignedInAsync(string header) => AllSources.Of("grafana").AuthenticateAsync(
            AllSources.Request(body, (header, signature)), options, TestContext.Current.CancellationToken);
        Assert.Null(await SignedInAsync("X-Our-Signature"));
        Assert.Equal((401, "X-Our-Signature"), Read(await SignedInAsync("X-Grafana-Alerting-Signature")));
    }

    [Theory]
    [InlineData("v1={0}", true)]
    [InlineData("v1=00,v1={0}", true)]
    [InlineData("v1={0}, v2=abc", true)]
    [InlineData("{0}", false)]
    [InlineData("v2={0}", false)]
    [InlineData("v1=", false)]
    [InlineData("", false)]
    public async Task PagerDuty_WithAListOfSignatures_NeedsOneThatIsRight(string header, bool isAuthentic)
    {
        var body = AlarmPayload.Find("pagerduty", "firing--triggered").Body;
        var signature = Convert.ToHexStringLower(WebhookSignature.Compute(AlarmSender.Secret, "", body));
        var sent = header.Replace("{0}", signature, StringComparison.Ordinal);
        Assert.Equal(isAuthentic, await CheckAsync("pagerduty", body, ("X-PagerDuty-Signature", sent)) is null);
        Assert.NotNull(await CheckAsync("pagerduty", Tamper(body), ("X-PagerDuty-Signature", sent)));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task Sns_Signed_IsAuthenticAndItsTamperedTwinsAreNot(string version)
    {
        var signed = AllSources.Certificates.Sign(With(Sns, ("SignatureVersion", version)));
        Assert.Null(await CheckAsync("sns", signed));
        Assert.Null(await CheckAsync("sns", Renamed(signed, "SigningCertURL", "SigningCertUrl")));
        foreach (var member in (string[])["Message", "MessageId", "Subject", "Timestamp"])
            Assert.Equal("Signature", (await CheckAsync("sns", With(signed, (member, "another"))))?.Field);
        Assert.Equal("Signature", (await CheckAsync("sns", With(signed, ("SignatureVersion", version == "1" ? "2" : "1"))))?.Field);
        Assert.Equal("Signature", (await CheckAsync("sns", Without(signed, "Subject")))?.Field);
    }

    [Theory]
    [InlineData("http://sns.eu-west-1.amazonaws.com/x.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com.evil.example/x.pem")]
    [InlineData("https://evil.example/sns.eu-west-1.amazonaws.com/x.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com@evil.example/x.pem")]
    [InlineData("https://user@sns.eu-west-1.amazonaws.com/x.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com:8443/x.pem")]
    [InlineData("https://sns.eu-west-1.amazonaws.com/x.crt")]
    [InlineData("https://sns.eu-west-1.amazonaws.com/?a=x.pem")]
    [InlineData("https://s3.eu-west-1.amazonaws.com/x.pem")]
    [InlineData("https://sns.x.amazonaws.com/x.pem")]
    [InlineData("http://www.example.com")]
    public async Task Sns_WithACertificateFromElsewhere_IsRefused(string address) => Assert.Equal(
        (401, "SigningCertURL"), Read(await CheckAsync("sns", AllSources.Certificates.Sign(With(Sns, ("SigningCertURL", address))))));

    [Theory]
    [InlineData("https://sns.cn-north-1.amazonaws.com.cn/x.pem")]
    [InlineData("https://SNS.us-gov-west-1.amazonaws.com/x.pem")]
    public async Task Sns_WithACertificateOfAnyPartition_IsAuthentic(string address) =>
        Assert.Null(await CheckAsync("sns", AllSources.Certificates.Sign(With(Sns, ("SigningCertURL", address)))));

    [Fact]
    public async Task Sns_OfAnotherTopic_IsRefused() => Assert.Equal(
        (403, "TopicArn"), Read(await CheckAsync("sns", AllSources.Certificates.Sign(With(Sns, ("TopicArn", "arn:aws:sns:eu-west-1:1:other"))))));

    [Theory]
    [InlineData(0, true)]
    [InlineData(61, true)]
    [InlineData(70, false)]
    [InlineData(60 * 24 * 365, false)]
    public async Task Sns_MessageOfLongAgo_IsRefusedThoughItIsSigned(int minutes, bool isAuthentic)
    {
        var signed = AllSources.Certificates.Sign(Sns, TimeProvider.System.GetUtcNow().AddMinutes(-minutes));
        Assert.Equal(isAuthentic ? (null, null) : (401, "Timestamp"), Read(await CheckAsync("sns", signed)));
    }

    [Theory]
    [InlineData("azuremonitor")]
    [InlineData("gcp")]
    public void Token_BesideAnotherSystemsOwn_IsFound(string source)
    {
        var options = new AlarmSourceOptions { Token = AlarmSender.Token };
        var request = AllSources.Request([], ("Authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.e30.c2ln"));
        var isInQuery = AllSources.Of(source).TakesTokenInQuery;
        Assert.Equal(401, SourceToken.Check(request, options, isInQuery)?.Status);
        request = request with { Query = new QueryCollection(new Dictionary<string, StringValues> { ["token"] = AlarmSender.Token }) };
        Assert.Null(SourceToken.Check(request, options, isInQuery));
        Assert.NotNull(SourceToken.Check(request, options));
        request.Headers.Authorization = new StringValues(["Bearer another", $"Bearer {AlarmSender.Token}"]);
        Assert.Null(SourceToken.Check(request, options));
    }

    [Theory]
    [InlineData("Bearer a token for tests only", true)]
    [InlineData("bearer a token for tests only", true)]
    [InlineData("Basic YWxhcm1zOmEgdG9rZW4gZm9yIHRlc3RzIG9ubHk=", true)]
    [InlineData("Basic YWxhcm1zOmFub3RoZXI=", false)]
    [InlineData("Basic ***", false)]
    [InlineData("a token for tests only", false)]
    [InlineData("", false)]
    public void Token_InTheHeader_IsBearerOrTheBasicPassword(string header, bool isAuthentic)
    {
        var options = new AlarmSourceOptions { Token = AlarmSender.Token };
        Assert.Equal(isAuthentic, SourceToken.Check(AllSources.Request([], ("Authorization", header)), options) is null);
        options.User = "somebody else";
        if (header.StartsWith("Basic", StringComparison.Ordinal)) Assert.NotNull(SourceToken.Check(AllSources.Request([], ("Authorization", header)), options));
    }

    [Fact]
    public void Token_InAHeaderOfItsOwn_IsTakenFromThereOnly()
    {
        var options = new AlarmSourceOptions { Token = AlarmSender.Token, TokenHeader = "X-Api-Key" };
        Assert.Null(SourceToken.Check(AllSources.Request([], ("X-Api-Key", AlarmSender.Token)), options));
        Assert.Equal("X-Api-Key", SourceToken.Check(AllSources.Request([], ("Authorization", $"Bearer {AlarmSender.Token}")), options)?.Field);
    }

    private static ValueTask<FieldProblem?> CheckAsync(string source, byte[] body, params (string, string)[] headers) =>
        AllSources.Of(source).AuthenticateAsync(AllSources.Request(body, headers), AllSources.Options, TestContext.Current.CancellationToken);

    private static (int?, string?) Read(FieldProblem? problem) => (problem?.Status, problem?.Field);

    private static byte[] Tamper(byte[] body)
    {
        var other = body.ToArray();
        other[^2] ^= 1;
        return other;
    }

    private static byte[] With(byte[] body, params (string Name, string Value)[] members)
    {
        var message = JsonNode.Parse(body)!;
        foreach (var (name, value) in members) message[name] = value;
        return Encoding.UTF8.GetBytes(message.ToJsonString());
    }

    private static byte[] Without(byte[] body, string name)
    {
        var message = JsonNode.Parse(body)!.AsObject();
        message.Remove(name);
        return Encoding.UTF8.GetBytes(message.ToJsonString());
    }

    private static byte[] Renamed(byte[] body, string from, string to) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace($"\"{from}\"", $"\"{to}\"", StringComparison.Ordinal));
}
