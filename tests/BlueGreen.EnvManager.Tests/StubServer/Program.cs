// A model server as small as can be: it answers the readiness probes of the Open Inference Protocol v2, and misbehaves on request.
//   --port N          listen there            --exit "words"     say so on stderr and end with code 3
//   --ready-when F    ready once file F is    --child            also start a child that would live for an hour
//   --stubborn        ignore SIGTERM
// On bare sockets: HttpListener breaks when a client connects while it starts, which probing clients do.
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

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
using var listener = new TcpListener(IPAddress.Loopback, int.Parse(Value("--port")!, System.Globalization.CultureInfo.InvariantCulture));
listener.Start();
Console.WriteLine($"serving {Value("--model")}");
while (true) _ = AnswerAsync(await listener.AcceptTcpClientAsync());

async Task AnswerAsync(TcpClient client)
{
    using var connection = client;
    using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
    try
    {
        while (await reader.ReadLineAsync() is { } request)
        {
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
                // The probes' headers say nothing that matters.
            }

            var known = request.Split(' ') is ["GET", "/v2/health/live" or "/v2/health/ready" or "/v2/models/fraud/ready", ..];
            var ready = Value("--ready-when") is not { } flag || File.Exists(flag);
            var status = known ? ready ? "200 OK" : "503 Service Unavailable" : "404 Not Found";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"));
        }
    }
    catch (IOException)
    {
        // The client is gone.
    }
}
