using System.Net.Http.Headers;
using BlueGreen.Rollback.Tests.Fixture;

namespace BlueGreen.Rollback.Tests;

public sealed class AlarmRefusalTests(AlarmRefusalTests.Rig rig) : IClassFixture<AlarmRefusalTests.Rig>
{
    [Theory]
    [InlineData("generic", "{", 400, "body")]
    [InlineData("generic", "[]", 422, "body")]
    [InlineData("generic", """{"status":"firing","labels":{}}""", 422, "name")]
    [InlineData("generic", """{"name":"a","status":"on","labels":{}}""", 422, "status")]
    [InlineData("generic", """{"name":"a","status":"firing","labels":{"endpoint":7}}""", 422, "labels.endpoint")]
    [InlineData("generic", """{"name":"a","status":"firing","labels":{},"startsAt":"yesterday"}""", 422, "startsAt")]
    [InlineData("generic", """{"name":"a","status":"firing","labels":{},"severity":"page"}""", 422, "severity")]
    [InlineData("generic", """{"name":"a","name":"b","status":"firing"}""", 422, "name")]
    [InlineData("alertmanager", """{"version":"3","groupKey":"g","alerts":[]}""", 422, "version")]
    [InlineData("alertmanager", """{"version":4,"groupKey":"g","alerts":[]}""", 422, "version")]
    [InlineData("alertmanager", """{"version":"4","alerts":[]}""", 422, "groupKey")]
    [InlineData("alertmanager", """{"version":"4","groupKey":"g"}""", 422, "alerts")]
    [InlineData("alertmanager", """{"version":"4","groupKey":"g","alerts":[{"status":"firing","labels":{}},7]}""", 422, "alerts[1]")]
    [InlineData("alertmanager", """{"version":"4","groupKey":"g","alerts":[{"labels":{}}]}""", 422, "alerts[0].status")]
    [InlineData("alertmanager", """{"version":"4","groupKey":"g","alerts":[{"status":"firing","labels":{"a":null}}]}""", 422, "alerts[0].labels.a")]
    [InlineData("nobody", "{}", 404, "path")]
    public async Task Alarm_Malformed_IsRefusedNamingTheField(string source, string body, int status, string field)
    {
        var answer = await rig.Host.SendAsync(source, body);
        Assert.Equal((status, field), (answer.Status, answer.Field));
        Assert.Empty(rig.Router.Reverts);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("another token altogether")]
    public async Task Alarm_WithoutTheSourcesToken_Is401(string? token)
    {
        using var client = new HttpClient { BaseAddress = rig.Host.Client.BaseAddress };
        if (token is not null) client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var content = new StringContent(RollbackHost.Alarm().ToJsonString());
        using var response = await client.PostAsync(new Uri("alarms/generic", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Empty(rig.Router.Reverts);
    }

    [Fact]
    public async Task Alarm_TooLarge_Is413() =>
        Assert.Equal(413, (await rig.Host.SendAsync("generic", new string(' ', 8 * 1024 * 1024 + 1))).Status);

    [Fact]
    public async Task Alertmanager_WithNoAlerts_Is202() =>
        Assert.Equal(202, (await rig.Host.SendAsync("alertmanager", """{"version":"4","groupKey":"g","alerts":[]}""")).Status);

    public sealed class Rig : IAsyncLifetime
    {
        internal FakeRouter Router { get; private set; } = null!;
        internal RollbackHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Router = await FakeRouter.StartAsync();
            Host = await RollbackHost.StartAsync(Router.Address);
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await Router.DisposeAsync();
        }
    }
}
