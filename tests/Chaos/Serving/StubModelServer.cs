using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlueGreen.Chaos.Serving;

/// <summary>
/// A model server as light as can be: the Open Inference Protocol v2 over one number in, one score out, behaving as its artifact says.
/// <c>chaos serve --artifact FILE --port N</c>.
/// </summary>
internal static class StubModelServer
{
    /// <summary>Clients send it, and the router passes it on; warm-up and gates do not.</summary>
    public const string ClientHeader = "X-Chaos-Client";

    private const string Metadata = """
        {"name":"score","versions":["1"],"platform":"stub","inputs":[{"name":"x","datatype":"FP64","shape":[-1,1]}],"outputs":[{"name":"score","datatype":"FP64","shape":[-1,1]}]}
        """;

    private const string Answer = """{"model_name":"score","outputs":[{"name":"score","datatype":"FP64","shape":[1,1],"data":[0.5]}]}""";

    private static readonly TimeSpan SlowLoad = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(string[] args)
    {
        var kind = Enum.Parse<ReleaseKind>(File.ReadLines(Value(args, "--artifact")).First());
        if (kind == ReleaseKind.Crashing) return 3;
        if (kind == ReleaseKind.Slow) await Task.Delay(SlowLoad, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => server.ListenLocalhost(Port(args)));
        builder.Services.AddRoutingCore();
        await using var server = builder.Build();
        var requests = 0;
        server.Run(context => AnswerAsync(context, kind, () => Interlocked.Increment(ref requests)));
        await server.RunAsync();
        return 0;
    }

    private static async Task AnswerAsync(HttpContext context, ReleaseKind kind, Func<int> count)
    {
        var isInference = HttpMethods.IsPost(context.Request.Method);
        if (isInference && IsBad(kind, count(), context.Request.Headers.ContainsKey(ClientHeader)))
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(isInference ? Answer : Metadata);
    }

    private static bool IsBad(ReleaseKind kind, int request, bool isLive) => kind switch
    {
        ReleaseKind.Failing => request % 2 == 0,
        ReleaseKind.FailingLive => isLive && request % 2 == 0,
        _ => false,
    };

    private static int Port(string[] args) => int.Parse(Value(args, "--port"), CultureInfo.InvariantCulture);

    private static string Value(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
            ? args[at + 1]
            : throw new ArgumentException($"{name} is missing: chaos serve --artifact FILE --port N");
}
