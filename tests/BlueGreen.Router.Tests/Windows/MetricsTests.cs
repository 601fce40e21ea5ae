using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using BlueGreen.Router.Proxy;
using BlueGreen.Router.Routing;
using BlueGreen.Router.Tests.Support;
using BlueGreen.Router.Windows;

namespace BlueGreen.Router.Tests.Windows;

public sealed class MetricsTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Metrics_HaveNullPredictionsCopiesOwnAnswersAndAHistogramThatAddsUp()
    {
        using var data = new TemporaryDirectory();
        await using var blue = await ModelServer.StartAsync("v1");
        await using var green = await ModelServer.StartAsync("v2");
        blue.Answer = context => AnswerAsync(context, "null");
        green.Answer = context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        };
        await using var router = await RouterHost.StartAsync(data);
        await router.ConfigureAsync(new TrafficPolicy { MirrorToGreen = 1 });
        var first = await router.SwitchAsync(Guid.NewGuid(), 0, blue);
        var next = Commands.Switch(Guid.NewGuid(), first.Epoch, green);
        await router.PublishAsync(Commands.Validate(next.DeploymentId, next.Fleet));
        await Eventually.TrueAsync(() => router.Table.Current.Entries.Single().Mirror is not null);

        for (var i = 0; i < 3; i++)
        {
            using var body = new StringContent("{\"x\":1}", Encoding.UTF8, "application/json");
            using var answer = await router.Inference.PostAsync("/fraud/v2/models/fraud/infer", body, Token);
        }

        using var nobody = await router.Inference.GetAsync("/nobody", Token);
        var (live, copied) = ($"environment=\"{first.EnvironmentId}\"", $"environment=\"{next.Fleet.EnvironmentId}\"");
        // Copies take their time, and metrics are collected at most every 300 ms.
        await UntilAsync(router, text => Value(text, "bluegreen_router_null_predictions_total", live) == 3
            && Value(text, "bluegreen_router_mirror_sent_total", copied) == 3
            && Value(text, "bluegreen_router_mirror_failed_total", copied) == 3
            && Value(text, "bluegreen_router_mirror_dropped_total", copied) == 0
            && Value(text, "bluegreen_router_own_answers_total", "reason=\"NoRoute\"") > 0
            && Value(text, "bluegreen_router_duration_milliseconds_count", live) == 3
            && Value(text, "bluegreen_router_duration_milliseconds_bucket", live, "le=\"+Inf\"") == 3
            && Value(text, "bluegreen_router_duration_milliseconds_bucket", live, "le=\"30000\"") == 3
            && Value(text, "bluegreen_router_duration_milliseconds_sum", live) > 0);
    }

    /// <summary>With the exporter listening, as it always does.</summary>
    [Fact]
    public async Task Answer_IsCountedWithoutAnAllocation()
    {
        using var data = new TemporaryDirectory();
        await using var router = await RouterHost.StartAsync(data);
        var serving = new ServingEnvironment(
            new RouteTarget
            {
                EnvironmentId = Guid.NewGuid(),
                DeploymentId = Guid.NewGuid(),
                Model = "m",
                Version = "v",
                Protocol = "open-inference-v2",
                Replicas = [],
            }, TimeProvider.System, OutlierRule.Default);
        const int Answers = 20_000;
        for (var i = 0; i < Answers; i++) serving.CountAnswer(200, TimeSpan.FromMilliseconds(i % 100), AnswerClass.Success);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Answers; i++) serving.CountAnswer(200, TimeSpan.FromMilliseconds(i % 100), AnswerClass.Success);

        // Each second begins with counters of its own.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Answers);
    }

    private static async Task UntilAsync(RouterHost router, Func<string, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var text = "";
        try
        {
            while (!condition(text = await router.Control.GetStringAsync("/metrics", limit.Token))) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail(string.Join('\n', text.Split('\n').Where(line => line.StartsWith("bluegreen_router_", StringComparison.Ordinal))));
        }
    }

    /// <returns>Null: there is no such series.</returns>
    private static double? Value(string text, string name, params string[] labels) => text.Split('\n')
        .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(label => line.Contains(label, StringComparison.Ordinal)))
        .Select(line => (double?)double.Parse(Regex.Match(line, @"\} ([0-9.e+]+)").Groups[1].Value, CultureInfo.InvariantCulture)).FirstOrDefault();

    private static Task AnswerAsync(HttpContext context, string score)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"outputs":[{"name":"score","datatype":"FP64","shape":[1],"data":[{{score}}]}]}""", Token);
    }
}
