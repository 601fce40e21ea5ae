using System.Text;
using BlueGreen.Bench.Webhooks.Traffic;
using BlueGreen.RegistryListener.Tests.Fixture;

namespace BlueGreen.RegistryListener.Tests.Sources;

/// <summary>
/// Captured or published payloads: the repository's own, and those of the folder that <c>BLUEGREEN_REGISTRY_PAYLOADS</c> names. A file's name
/// begins with its source: <c>mlflow-…</c>, <c>azureml-…</c>, <c>gcp-…</c>.
/// </summary>
public sealed class PayloadFolderTests(ListenerHost host) : IClassFixture<ListenerHost>
{
    public const string FolderVariable = "BLUEGREEN_REGISTRY_PAYLOADS";

    private static readonly (string Prefix, string Source)[] Prefixes =
        [("azure", "azureml"), ("gcp", "vertex"), ("vertex", "vertex"), .. Samples.Sources.Select(source => (source, source))];

    public static TheoryData<string> Files
    {
        get
        {
            var own = Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Payloads"));
            var theirs = Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder ? Directory.EnumerateFiles(folder) : [];
            return [.. own.Concat(theirs).Where(file => SourceOf(file) is not null).Order()];
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Payload_OfARegistry_IsAcceptedIgnoredOrRefusedByName(string file)
    {
        var source = SourceOf(file)!;
        var body = Wrapped(Path.GetFileName(file), await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
        var contentType = Path.GetFileName(file).StartsWith("cloudevents", StringComparison.Ordinal) ? "application/cloudevents+json" : "application/json";
        var reply = await host.SendAsync(SentWebhook.Signed(
            source, body, TimeProvider.System.GetUtcNow(), contentType, secret: source == "generic" ? ListenerHost.Secret : null));

        if (reply.Status is 200 or 202) return;
        Assert.True(reply.Status is 400 or 422, $"{reply.Status}: {reply.Json}");
        Assert.NotNull(reply.Field);
    }

    private static string? SourceOf(string file) => Prefixes
        .FirstOrDefault(pair => Path.GetFileName(file).StartsWith(pair.Prefix, StringComparison.OrdinalIgnoreCase)).Source;

    /// <summary>MLflow documents the data of its events apart from the envelope; the entity and the action are in the file's name.</summary>
    private static byte[] Wrapped(string name, byte[] body)
    {
        const string Data = "mlflow-data-";
        if (!name.StartsWith(Data, StringComparison.Ordinal)) return body;
        var parts = name[Data.Length..].Replace("e2e-", "", StringComparison.Ordinal).Split('-', '.');
        var envelope = $$"""{"entity":"{{parts[0]}}","action":"{{parts[1]}}","timestamp":"2026-01-31T08:27:32.080217+00:00","data":""";
        return [.. Encoding.UTF8.GetBytes(envelope), .. body, (byte)'}'];
    }
}
