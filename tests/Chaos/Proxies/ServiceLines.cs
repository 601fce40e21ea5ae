using BlueGreen.Testing.Processes;
using Npgsql;

namespace BlueGreen.Chaos.Proxies;

/// <summary>A line of its own from every service to the database and to the broker.</summary>
internal sealed class ServiceLines : IAsyncDisposable
{
    private readonly Dictionary<string, FaultyProxy[]> _proxies = [];
    private readonly Dictionary<string, ServiceBackends> _backends = [];

    public ServiceLines(string database, string broker, bool secondRouter, TimeProvider time)
    {
        var connection = new NpgsqlConnectionStringBuilder(database);
        var address = new Uri(broker);
        foreach (var name in PlatformProcesses.NamesOf(secondRouter))
        {
            var toDatabase = new FaultyProxy(connection.Host!, connection.Port, time);
            var toBroker = new FaultyProxy(address.Host, address.Port, time);
            _proxies[name] = [toDatabase, toBroker];
            _backends[name] = new ServiceBackends(
                new NpgsqlConnectionStringBuilder(database) { Host = "127.0.0.1", Port = toDatabase.Port }.ConnectionString,
                new UriBuilder(address) { Host = "127.0.0.1", Port = toBroker.Port }.Uri.AbsoluteUri);
        }
    }

    public ServiceBackends BackendsOf(string service) => _backends[service];

    public void Cut(string service)
    {
        foreach (var proxy in _proxies[service]) proxy.Cut();
    }

    public void Slow(string service, TimeSpan delay)
    {
        foreach (var proxy in _proxies[service]) proxy.Delay = delay;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies.Values.SelectMany(pair => pair)) await proxy.DisposeAsync();
    }
}
