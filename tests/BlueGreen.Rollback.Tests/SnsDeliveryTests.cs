using BlueGreen.Contracts;
using BlueGreen.Rollback.Sources;
using BlueGreen.Rollback.Tests.Fixture;
using BlueGreen.Testing.Alarms;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlueGreen.Rollback.Tests;

public sealed class SnsDeliveryTests
{
    [Fact]
    public async Task Subscription_OfAKnownTopic_IsConfirmedAndRecorded()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answer = await host.SendAsync(host.Sender.Request("sns", AlarmPayload.Find("sns", "note--subscription-confirmation").Body));

        Assert.Equal("ignored: the subscription is confirmed", Assert.Single(answer.Decisions));
        Assert.Equal("sns.eu-west-1.amazonaws.com", (await host.Told.NextAsync<Uri>()).Host);
        await host.Told.NextAsync<AlarmRaised>(raised => raised.Source == "sns");
    }

    [Fact]
    public async Task Subscription_Unsigned_IsNotConfirmed()
    {
        await using var router = await FakeRouter.StartAsync();
        await using var host = await RollbackHost.StartAsync(router.Address);

        var answer = await host.SendAsync(
            host.Sender.Request("sns", AlarmPayload.Find("sns", "note--subscription-confirmation").Body, isForged: true));

        Assert.Equal((401, "Signature"), (answer.Status, answer.Field));
        Assert.Empty(host.Told.All<Uri>());
    }

    [Fact]
    public async Task Certificate_ThatCannotBeFetched_IsAnswered429SoThatSnsRepeats()
    {
        var problem = await new SnsSignature(new Unreachable()).CheckAsync(
            PayloadValue.Parse(AllSources.Certificates.Sign(AlarmPayload.Find("sns", "firing--metric").Body)).Root, TestContext.Current.CancellationToken);
        Assert.Equal((429, "SigningCertURL"), (problem?.Status, problem?.Field));
    }

    [Fact]
    public async Task Certificates_AreFetchedOnceAndFailuresAreForgotten()
    {
        var fetches = 0;
        var certificate = TestPem.Create();
        using var clients = new OneClient(_ => Interlocked.Increment(ref fetches) == 1
            ? throw new HttpRequestException("away")
            : new HttpResponseMessage { Content = new StringContent(certificate) });
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var certificates = new SnsCertificates(clients, clock, NullLogger<SnsCertificates>.Instance);
        var address = new Uri("https://sns.eu-west-1.amazonaws.com/x.pem");
        var ct = TestContext.Current.CancellationToken;

        Assert.Null((await certificates.FindAsync(address, ct)).Key);
        Assert.Null((await certificates.FindAsync(address, ct)).Key);
        Assert.Equal(1, fetches);
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => certificates.FindAsync(address, ct))), found => Assert.NotNull(found.Key));
        Assert.Equal(2, fetches);
        clock.Advance(TimeSpan.FromHours(25));
        Assert.NotNull((await certificates.FindAsync(address, ct)).Key);
        Assert.Equal(3, fetches);
    }

    private sealed class Unreachable : ISnsCertificates
    {
        public Task<SnsCertificate> FindAsync(Uri address, CancellationToken cancellationToken) => Task.FromResult(new SnsCertificate(null, false));
    }

    private sealed class OneClient(Func<HttpRequestMessage, HttpResponseMessage> answer) : HttpMessageHandler, IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer(request));
    }
}
