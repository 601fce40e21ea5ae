using System.Net.Http.Json;
using System.Text.Json;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Chaos.Taps;

/// <summary>What the harness asks RabbitMQ's management API about one virtual host.</summary>
internal sealed class BrokerManagement(RabbitMqServer server, string broker) : IDisposable
{
    private const string Contracts = "BlueGreen.Contracts:";
    private readonly string _host = new Uri(broker).AbsolutePath.TrimStart('/');
    private readonly HttpClient _http = Patient(server.CreateManagementClient());

    /// <summary>Exchanges of the platform's message types.</summary>
    public async Task<IReadOnlyList<string>> MessageExchangesAsync(CancellationToken ct)
    {
        var exchanges = await GetAsync($"api/exchanges/{_host}", ct);
        return [.. exchanges.EnumerateArray().Select(item => Text(item, "name")).Where(name => name.StartsWith(Contracts, StringComparison.Ordinal))];
    }

    /// <summary>Messages in each queue, ready or being delivered; counted anew, not as the statistics remember.</summary>
    public async Task<IReadOnlyDictionary<string, long>> QueuesAsync(CancellationToken ct)
    {
        var queues = await GetAsync($"api/queues/{_host}", ct);
        return queues.EnumerateArray().ToDictionary(item => Text(item, "name"), item => Count(item, "messages"));
    }

    /// <summary>What is known of the named queues, a line for each: messages, those being delivered, consumers.</summary>
    public async Task<IReadOnlyList<string>> DescribeAsync(IReadOnlyCollection<string> names, CancellationToken ct)
    {
        var queues = await GetAsync($"api/queues/{_host}", ct);
        return
        [
            .. queues.EnumerateArray().Where(item => names.Contains(Text(item, "name"))).Select(item =>
                $"{Text(item, "name")}: {Count(item, "messages")} messages, {Count(item, "messages_unacknowledged")} of them being delivered, {Count(item, "consumers")} consumers"),
        ];
    }

    /// <summary>Everything that gets an exchange's messages, except the named queue.</summary>
    public async Task<IReadOnlyList<Binding>> BindingsAsync(string exchange, string except, CancellationToken ct)
    {
        var bindings = await GetAsync($"api/exchanges/{_host}/{Uri.EscapeDataString(exchange)}/bindings/source", ct);
        return
        [
            .. bindings.EnumerateArray()
                .Select(item => new Binding(exchange, Text(item, "destination"), Text(item, "destination_type"), Text(item, "properties_key")))
                .Where(binding => binding.Destination != except),
        ];
    }

    public async Task UnbindAsync(Binding binding, CancellationToken ct)
    {
        using var answer = await _http.DeleteAsync(new Uri($"{PathOf(binding)}/{Uri.EscapeDataString(binding.Key)}", UriKind.Relative), ct);
        answer.EnsureSuccessStatusCode();
    }

    public async Task BindAsync(Binding binding, CancellationToken ct)
    {
        using var answer = await _http.PostAsJsonAsync(
            new Uri(PathOf(binding), UriKind.Relative), new { routing_key = "", arguments = new { } }, ct);
        answer.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private static HttpClient Patient(HttpClient http)
    {
        http.Timeout = TimeSpan.FromSeconds(10);
        return http;
    }

    private static long Count(JsonElement queue, string what) =>
        queue.TryGetProperty(what, out var value) && value.TryGetInt64(out var count) ? count : 0;

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private string PathOf(Binding binding) =>
        $"api/bindings/{_host}/e/{Uri.EscapeDataString(binding.Exchange)}/{binding.DestinationType[0]}/{Uri.EscapeDataString(binding.Destination)}";

    private async Task<JsonElement> GetAsync(string path, CancellationToken ct)
    {
        return await _http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), ct);
    }

    /// <param name="Exchange">Where messages come from.</param>
    /// <param name="Destination">The exchange or queue that gets them.</param>
    /// <param name="DestinationType"><c>exchange</c> or <c>queue</c>.</param>
    /// <param name="Key">The binding's own name.</param>
    internal sealed record Binding(string Exchange, string Destination, string DestinationType, string Key);
}
