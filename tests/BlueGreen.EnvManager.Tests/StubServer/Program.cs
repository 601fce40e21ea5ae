// A model server as small as can be: it answers the readiness probes of the Open Inference Protocol v2, and misbehaves on request.
//   --port N          listen there            --exit "words"     say so on stderr and end with code 3
//   --ready-when F    ready once file F is    --child            also start a child that would live for an hour
//   --stubborn        ignore SIGTERM          --log F          answer inference requests, and write down whose they were
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
            var (length, isClient) = (0, false);
            while (await reader.ReadLineAsync() is { Length: > 0 } header)
            {
                if (header.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)) length = int.Parse(header[15..], System.Globalization.CultureInfo.InvariantCulture);
                isClient |= header.StartsWith("X-Client:", StringComparison.OrdinalIgnoreCase);
            }

            if (Value("--log") is { } log && Answer(request, log, isClient) is { } body)
            {
                for (var left = length; left > 0;) left -= await reader.ReadAsync(new char[left], 0, left);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
                continue;
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

// What a model of one input and one output says, and that it was asked: a line per request, of the process and of who asked.
string? Answer(string request, string log, bool isClient)
{
    if (request.StartsWith("GET /v2/models/fraud ", StringComparison.Ordinal))
        return """{"name":"fraud","platform":"stub","inputs":[{"name":"x","datatype":"FP64","shape":[-1,1]}],"outputs":[{"name":"score","datatype":"FP64","shape":[-1]}]}""";
    if (!request.StartsWith("POST /v2/models/fraud/infer ", StringComparison.Ordinal)) return null;
    lock (args)
    {
        File.AppendAllText($"{log}.{Environment.ProcessId}", isClient ? "client\n" : "warm-up\n");
    }

    return """{"model_name":"fraud","outputs":[{"name":"score","datatype":"FP64","shape":[1],"data":[0.5]}]}""";
}
