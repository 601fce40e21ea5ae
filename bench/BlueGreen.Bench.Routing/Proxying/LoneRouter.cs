using System.Globalization;
using BlueGreen.Bench.Routing.Running;

namespace BlueGreen.Bench.Routing.Proxying;

/// <summary>
/// One router without broker and database to talk to: it serves what its disk remembers, as after a restart in an outage, and nothing but
/// the requests costs time.
/// </summary>
internal sealed class LoneRouter : IAsyncDisposable
{
    public const string Endpoint = "plain";
    public const string MirroredEndpoint = "mirrored";

    private readonly Uri _control;

    private LoneRouter(OwnProcess process, Uri inference, Uri control) => (Process, Inference, _control) = (process, inference, control);

    public OwnProcess Process { get; }
    public Uri Inference { get; }

    public static async Task<LoneRouter> StartAsync(Uri model, ProxyVariant variant, string parent, CancellationToken ct)
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, variant.Name)).FullName;
        var (control, inference) = (OwnProcess.Loopback(), OwnProcess.Loopback());
        var disk = Path.Combine(folder, "data", "router");
        Directory.CreateDirectory(disk);
        await File.WriteAllTextAsync(Path.Combine(disk, "replica.json"), $$"""
            {"name":"lone","registered":false,"routes":[{{Route(Endpoint, model, 0)}},{{Route(MirroredEndpoint, model, 0.1)}}]}
            """, ct);
        var process = OwnProcess.Serve(ServedProgram.Router, variant.Name, control, [
            .. variant.Settings,
            ("BlueGreen:Database:Provider", "sqlite"), ("BlueGreen:DataDirectory", Path.Combine(folder, "data")),
            ("BlueGreen:Api:Token", "a-token-that-nobody-needs"), ("BlueGreen:Router:Name", "lone"),
            ("BlueGreen:Router:InferenceUrl", inference.AbsoluteUri.TrimEnd('/'))], folder);
        await process.UntilAnswersAsync(new Uri(control, "health/ready"), ct);
        await process.UntilAnswersAsync(new Uri(inference, $"{Endpoint}/v2/models/m/infer"), ct);
        return new LoneRouter(process, inference, control);
    }

    /// <summary>Copies since the start, as the router's own metrics have them.</summary>
    /// <param name="fate"><c>sent</c>, <c>failed</c> or <c>dropped</c>.</param>
    /// <param name="ct">Ends the request.</param>
    public async Task<int> CopiesAsync(string fate, CancellationToken ct)
    {
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(_control, "metrics"), ct);
        return (int)text.Split('\n').Where(line => line.StartsWith($"bluegreen_router_mirror_{fate}", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();

    private static string Route(string name, Uri model, double mirrored) =>
        $$$$"""
        {"endpoint":"{{{{name}}}}","path":"/{{{{name}}}}","version":1,"epoch":1,"live":{{{{Target(model)}}}},"standby":{{{{Target(model)}}}},
        "settings":{"traffic":{"mirrorToBlue":{{{{mirrored.ToString(System.Globalization.CultureInfo.InvariantCulture)}}}}}}}
        """;

    private static string Target(Uri model) =>
        $$$"""
        {"environmentId":"{{{Guid.NewGuid()}}}","deploymentId":"{{{Guid.NewGuid()}}}","model":"m","version":"v1",
        "protocol":"open-inference-v2","replicas":[{"index":0,"address":"{{{model}}}"}]}
        """;
}
