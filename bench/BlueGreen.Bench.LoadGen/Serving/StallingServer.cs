using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlueGreen.Bench.LoadGen.Serving;

/// <summary>
/// A model server that answers at once, except while it stalls: then every request waits for the stall's end, as behind a
/// garbage collection. It says when it stalled, by the machine's monotonic clock, which all processes share.
/// </summary>
internal sealed class StallingServer
{
    private const string Answer =
        """{"model_name":"m","outputs":[{"name":"score","datatype":"FP32","shape":[1],"data":[0.25]}]}""";

    private static readonly byte[] Body = System.Text.Encoding.UTF8.GetBytes(Answer);

    private readonly List<Stall> _stalls = [];
    private volatile TaskCompletionSource? _stalled;

    /// <summary>Serves until its standard input ends.</summary>
    public static async Task<int> RunAsync()
    {
        var server = new StallingServer();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(server.HandleAsync);
        await app.StartAsync();
        Console.WriteLine(app.Urls.First());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
        return 0;
    }

    private async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/stall")
        {
            _ = StallAsync(TimeSpan.FromMilliseconds(double.Parse(context.Request.Query["milliseconds"]!, System.Globalization.CultureInfo.InvariantCulture)));
        }
        else if (path == "/stalls")
        {
            await context.Response.WriteAsJsonAsync(_stalls);
        }
        else
        {
            if (_stalled is { } stall) await stall.Task;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Body.Length;
            await context.Response.Body.WriteAsync(Body);
        }
    }

    private async Task StallAsync(TimeSpan length)
    {
        var stall = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp();
        _stalled = stall;
        await Task.Delay(length, TimeProvider.System);
        _stalled = null;
        _stalls.Add(new(start, Stopwatch.GetTimestamp()));
        stall.SetResult();
    }
}

/// <summary>From when to when nothing was answered.</summary>
internal sealed record Stall(long Start, long End);
