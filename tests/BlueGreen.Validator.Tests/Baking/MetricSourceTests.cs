using System.Net;
using BlueGreen.Contracts;
using BlueGreen.Validator.Baking;
using BlueGreen.Validator.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Validator.Tests.Baking;

/// <summary>Each source against a local server that answers as its documentation says, and refuses requests that are not as documented.</summary>
public sealed class MetricSourceTests
{
    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1435781451.781,"0.25"]}]}}""", 0.25, false)]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1435781451.781,"1"]}}""", 1.0, false)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""", null, false)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"NaN"]}]}}""", null, false)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"+Inf"]}]}}""", null, false)]
    [InlineData("""{"status":"success","warnings":["partial"],"data":{"resultType":"scalar","result":[1,"1"]}}""", null, false)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"1"},"value":[1,"1"]},{"metric":{"a":"2"},"value":[1,"2"]}]}}""", null, true)]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", null, true)]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[]}}""", null, true)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1]}]}}""", null, true)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":"1"}]}}""", null, true)]
    [InlineData("[]", null, true)]
    [InlineData("not JSON", null, true)]
    public async Task Prometheus_Answer(string answer, double? value, bool isError)
    {
        var sample = await AskAsync("prometheus", "rate({endpoint})", async context =>
        {
            Assert.Equal("POST /api/v1/query", $"{context.Request.Method} {context.Request.Path}");
            Assert.Equal("rate(fraud)", (await context.Request.ReadFormAsync())["query"]);
            Assert.Equal("Bearer a:b", context.Request.Headers.Authorization);
            return Results.Text(answer, "application/json");
        });
        Assert.Equal((value, isError), (sample.Value, sample.IsError));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(422)]
    [InlineData(503)]
    public async Task Prometheus_RefusedQuery_IsAnError(int status)
    {
        var sample = await AskAsync("prometheus", "up", _ => Task.FromResult(
            Results.Text("""{"status":"error","errorType":"execution","error":"too many samples"}""", "application/json", statusCode: status)));
        Assert.True(sample.IsError);
        Assert.Contains($"status {status}", sample.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_TooSlow_IsAnError()
    {
        var sample = await AskAsync("prometheus", "up", async context =>
        {
            await Task.Delay(TimeSpan.FromSeconds(20), TimeProvider.System, context.RequestAborted);
            return Results.Ok();
        }, timeout: TimeSpan.FromMilliseconds(200));
        Assert.Contains("no answer within 0.2 s", sample.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Source_HostNotAllowed_IsNotAsked()
    {
        var asked = false;
        var sample = await AskAsync("prometheus", "up", _ =>
        {
            asked = true;
            return Task.FromResult(Results.Ok());
        }, allowed: "prometheus.example");
        Assert.True(sample.IsError && !asked);
        Assert.Contains("AllowedHosts", sample.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":[{"rate":0.5}]}""", 0.5)]
    [InlineData("""{"data":[{"rate":"0.5"}]}""", 0.5)]
    [InlineData("""{"data":[{"rate":null}]}""", null)]
    [InlineData("""{"data":[]}""", null)]
    public async Task Http_NumberAtAPointer(string answer, double? value)
    {
        var sample = await AskAsync("http", "stats?window=5m", context =>
        {
            Assert.Equal("GET /stats?window=5m", $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return Task.FromResult(Results.Text(answer, "application/json"));
        });
        Assert.Equal((value, false), (sample.Value, sample.IsError));
    }

    [Theory]
    [InlineData("""{"data":{"attributes":{"columns":[{"values":[0.0006332881882246533]}]}}}""", 0.0006332881882246533)]
    [InlineData("""{"data":{"attributes":{"columns":[]}}}""", null)]
    [InlineData("""{"data":{"attributes":{"columns":[{"values":[null]}]}}}""", null)]
    public async Task Datadog_Answer(string answer, double? value)
    {
        var sample = await AskAsync("datadog", "avg:errors{service:{endpoint}}", async context =>
        {
            Assert.Equal("POST /api/v2/query/scalar", $"{context.Request.Method} {context.Request.Path}");
            Assert.Equal(("a", "b"), (context.Request.Headers["DD-API-KEY"].ToString(), context.Request.Headers["DD-APPLICATION-KEY"].ToString()));
            var attributes = (await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body)).RootElement.GetProperty("data").GetProperty("attributes");
            Assert.Equal(300_000, attributes.GetProperty("to").GetInt64() - attributes.GetProperty("from").GetInt64());
            Assert.Equal("avg:errors{service:fraud}", attributes.GetProperty("queries")[0].GetProperty("query").GetString());
            return Results.Text(answer, "application/json");
        });
        Assert.Equal((value, false), (sample.Value, sample.IsError));
    }

    [Theory]
    [InlineData("""{"data":{"actor":{"account":{"nrql":{"results":[{"percentage":1.5}]}}}}}""", 1.5, false)]
    [InlineData("""{"data":{"actor":{"account":{"nrql":{"results":[]}}}}}""", null, false)]
    [InlineData("""{"errors":[{"message":"NRQL Syntax Error"}]}""", null, true)]
    public async Task NewRelic_Answer(string answer, double? value, bool isError)
    {
        var sample = await AskAsync("newrelic", "SELECT percentage(count(*), WHERE error) FROM Transaction", async context =>
        {
            Assert.Equal(("/graphql", "a:b"), (context.Request.Path.Value, context.Request.Headers["API-Key"].ToString()));
            var body = (await System.Text.Json.JsonDocument.ParseAsync(context.Request.Body)).RootElement;
            Assert.Equal(42, body.GetProperty("variables").GetProperty("account").GetInt32());
            return Results.Text(answer, "application/json");
        });
        Assert.Equal((value, isError), (sample.Value, sample.IsError));
    }

    [Theory]
    [InlineData("""{"MetricDataResults":[{"Id":"m1","StatusCode":"Complete","Timestamps":[1],"Values":[3.5,3.0]}]}""", 3.5, false)]
    [InlineData("""{"MetricDataResults":[{"Id":"m1","StatusCode":"Complete","Timestamps":[],"Values":[]}]}""", null, false)]
    [InlineData("""{"MetricDataResults":[{"Id":"m1","StatusCode":"PartialData","Timestamps":[1],"Values":[3.5]}]}""", null, false)]
    [InlineData("""{"MetricDataResults":[{"Id":"m1","StatusCode":"Forbidden","Timestamps":[],"Values":[]}]}""", null, true)]
    public async Task CloudWatch_Answer(string answer, double? value, bool isError)
    {
        var sample = await AskAsync("cloudwatch", "SELECT AVG(Errors) FROM Fraud", context =>
        {
            Assert.Equal("GraniteServiceVersion20100801.GetMetricData", context.Request.Headers["X-Amz-Target"]);
            Assert.Matches(
                "^AWS4-HMAC-SHA256 Credential=a/[0-9]{8}/42/monitoring/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=[0-9a-f]{64}$",
                context.Request.Headers.Authorization.ToString());
            return Task.FromResult(Results.Text(answer, "application/json"));
        });
        Assert.Equal((value, isError), (sample.Value, sample.IsError));
    }

    [Fact]
    public void ExternalMetric_FailuresInARow_FailTheBake()
    {
        var metric = new ExternalMetric(Metric() with { FailureLimit = 2 }, Source("prometheus", new("http://x/"), ""), TimeSpan.FromSeconds(1));
        foreach (var value in new[] { 2.0, 0.5, 2.0 }) metric.Take(MetricSample.Of(value), default);
        Assert.Null(metric.Failure);
        metric.Take(MetricSample.Of(3), default);
        Assert.StartsWith("business: 3 by prometheus, beyond", metric.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void ExternalMetric_NoDataAndErrors_AreNeverAPassAndEndTheBakeAsInconclusive()
    {
        var empty = new ExternalMetric(Metric() with { InconclusiveLimit = 1 }, Source("prometheus", new("http://x/"), ""), TimeSpan.FromSeconds(1));
        empty.Take(MetricSample.Of(double.NaN), default);
        Assert.Equal(Verdict.Inconclusive, empty.Result.Verdict);
        Assert.Null(empty.GivenUp);
        empty.Take(MetricSample.Empty("the vector is empty"), default);
        Assert.Contains("2 measurements without a value", empty.GivenUp, StringComparison.Ordinal);
        var broken = new ExternalMetric(Metric(), Source("prometheus", new("http://x/"), ""), TimeSpan.FromSeconds(1));
        for (var i = 0; i < 5; i++) broken.Take(MetricSample.Error("status 503"), default);
        Assert.Contains("5 errors in a row, the last: status 503", broken.GivenUp, StringComparison.Ordinal);
    }

    [Fact]
    public void ExternalMetric_IsAskedAfterItsDelayAtItsIntervalUntilItsCount()
    {
        var start = DateTimeOffset.UnixEpoch;
        var metric = new ExternalMetric(
            Metric() with { InitialDelay = TimeSpan.FromSeconds(10), Interval = TimeSpan.FromSeconds(5), Count = 2 },
            Source("prometheus", new("http://x/"), ""), TimeSpan.FromSeconds(1));
        Assert.False(metric.IsDue(start, start.AddSeconds(9)));
        Assert.True(metric.IsDue(start, start.AddSeconds(10)));
        metric.Take(MetricSample.Of(0.5), start.AddSeconds(10));
        Assert.False(metric.IsDue(start, start.AddSeconds(14)));
        metric.Take(MetricSample.Of(0.5), start.AddSeconds(15));
        Assert.False(metric.IsDue(start, start.AddSeconds(60)));
        Assert.Equal(Verdict.Passed, metric.Result.Verdict);
    }

    private static BakeMetric Metric() => new() { Name = "business", High = 1 };

    private static MetricSource Source(string kind, Uri address, string query) =>
        new() { Kind = kind, Address = address, Query = query, Value = "/data/0/rate", Account = "42", SecretRef = "key" };

    [Theory]
    [InlineData("""{"data":[{"rate":true}]}""", 1.0, false)]
    [InlineData("""{"data":[{"rate":false}]}""", 0.0, false)]
    [InlineData("""{"data":[{"rate":0.5}]}""", 0.5, false)]
    [InlineData("""{"data":[{}]}""", null, false)]
    [InlineData("no", null, true)]
    public async Task Webhook_IsToldWhomItIsAbout(string answer, double? value, bool isError)
    {
        var sample = await AskAsync("webhook", "release", async context =>
        {
            Assert.Equal("POST /release", $"{context.Request.Method} {context.Request.Path}");
            var body = await context.Request.ReadFromJsonAsync<Dictionary<string, string>>();
            Assert.Equal(("fraud", "fraud", "1"), (body!["endpoint"], body["model"], body["version"]));
            Assert.True(Guid.TryParse(body["environmentId"], out _));
            Assert.Equal("Bearer a:b", context.Request.Headers.Authorization);
            return Results.Text(answer, "application/json");
        });
        Assert.Equal((value, isError), (sample.Value, sample.IsError));
    }

    /// <summary>Asks a source of a kind whose server answers as the test says.</summary>
    internal static async Task<MetricSample> AskAsync(
        string kind, string query, Func<HttpContext, Task<IResult>> answer, TimeSpan? timeout = null, string allowed = "127.0.0.1", string secret = "a:b")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(async context =>
        {
            try
            {
                await (await answer(context)).ExecuteAsync(context);
            }
            catch (Xunit.Sdk.XunitException fault)
            {
                await Results.Text(fault.Message, statusCode: (int)HttpStatusCode.BadRequest).ExecuteAsync(context);
            }
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection([new("BlueGreen:Secrets:key", secret)]).Build());
        ValidatorService.AddMetrics(services);
        services.Configure<MetricOptions>(options =>
        {
            options.AllowedHosts.Add(allowed);
            if (timeout is { } limit) options.Timeout = limit;
        });
        await using var provider = services.BuildServiceProvider();
        return await provider.GetRequiredService<MetricSources>().ReadAsync(
            Source(kind, new(app.Urls.First() + "/"), query), "fraud", BlueGreen.Tests.ModelServer.Fleet(), TestContext.Current.CancellationToken);
    }
}
