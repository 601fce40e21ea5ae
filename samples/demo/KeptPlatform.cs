using BlueGreen.Demo.Hosting;
using BlueGreen.Demo.Stories;

namespace BlueGreen.Demo;

/// <summary><c>--keep</c>: says what is there to try, and waits for Ctrl-C.</summary>
internal static class KeptPlatform
{
    public static async Task ShowAsync(TextWriter output, IRunningPlatform platform, string models, TimeProvider time, CancellationToken ct)
    {
        var control = platform.Control.AbsoluteUri.TrimEnd('/');
        var inference = platform.Inference.AbsoluteUri.TrimEnd('/');
        await output.WriteLineAsync($"""

            The platform runs until Ctrl-C. In another shell:

              export BLUEGREEN_URL={control} BLUEGREEN_TOKEN={platform.Secrets.OperatorToken}
              ./bg status {DemoPolicy.Endpoint}
              head -1 {Path.Combine(models, "live.jsonl")} | curl -s -i {inference}/{DemoPolicy.Endpoint}/v2/models/fraud/infer -d @-
              curl -s {control}/routes
              curl -s -H "Authorization: Bearer $BLUEGREEN_TOKEN" {control}/api/v1/history?endpoint={DemoPolicy.Endpoint}
              curl -s {control}/metrics

            """);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, ct).ContinueWith(_ => { }, CancellationToken.None, default, TaskScheduler.Default);
    }
}
