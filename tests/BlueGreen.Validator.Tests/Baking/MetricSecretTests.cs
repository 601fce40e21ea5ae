using Microsoft.AspNetCore.Http;

namespace BlueGreen.Validator.Tests.Baking;

/// <summary>What a <c>secretRef</c> stands for, as people mount and mistype it.</summary>
public sealed class MetricSecretTests
{
    /// <summary>A mounted file ends with a line break.</summary>
    [Theory]
    [InlineData("prometheus")]
    [InlineData("datadog")]
    [InlineData("newrelic")]
    [InlineData("http")]
    public async Task Secret_WithALineBreakAtItsEnd_IsTheSecret(string kind)
    {
        string[] sent = [];
        await MetricSourceTests.AskAsync(kind, "up", context =>
        {
            var headers = context.Request.Headers;
            sent = [.. new[] { "Authorization", "API-Key", "DD-API-KEY", "DD-APPLICATION-KEY" }.Select(name => headers[name].ToString()).Where(text => text.Length > 0)];
            return Task.FromResult(Results.Text("{}", "application/json"));
        }, secret: "a:b\r\n");
        string[] expected = kind switch { "datadog" => ["a", "b"], "newrelic" => ["a:b"], _ => ["Bearer a:b"] };
        Assert.Equal(expected, sent);
    }

    [Theory]
    [InlineData("prometheus")]
    [InlineData("datadog")]
    [InlineData("newrelic")]
    [InlineData("cloudwatch")]
    [InlineData("http")]
    [InlineData("webhook")]
    public async Task Secret_ThatNoHeaderCanCarry_IsAnErrorThatDoesNotRepeatIt(string kind)
    {
        var sample = await MetricSourceTests.AskAsync(kind, "up", _ => Task.FromResult(Results.Text("{}", "application/json")), secret: "hush\nhush:hush\nhush");
        Assert.True(sample.IsError, sample.Why);
        Assert.DoesNotContain("hush", sample.Why, StringComparison.Ordinal);
    }
}
