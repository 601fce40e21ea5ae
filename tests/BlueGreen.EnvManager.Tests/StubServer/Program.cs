// A model server as small as can be: it answers the readiness probes of the Open Inference Protocol v2, and misbehaves on request.
//   --port N          listen there            --exit "words"     say so on stderr and end with code 3
//   --ready-when F    ready once file F is    --child            also start a child that would live for an hour
//   --stubborn        ignore SIGTERM
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

string? Value(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

if (Value("--exit") is { } words)
{
    Console.Error.WriteLine(words);
    return 3;
}

using var stubborn = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    if (!args.Contains("--stubborn")) Environment.Exit(0);
});
if (args.Contains("--child")) Process.Start("sleep", "3600");
using var listener = new HttpListener();
listener.Prefixes.Add($"http://127.0.0.1:{Value("--port")}/");
listener.Start();
Console.WriteLine($"serving {Value("--model")}");
while (true)
{
    var context = await listener.GetContextAsync();
    var path = context.Request.Url!.AbsolutePath;
    var ready = Value("--ready-when") is not { } flag || File.Exists(flag);
    context.Response.StatusCode = path is "/v2/health/ready" or "/v2/models/fraud/ready" ? ready ? 200 : 503 : 404;
    context.Response.Close();
}
