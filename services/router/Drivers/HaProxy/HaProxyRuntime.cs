using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BlueGreen.Router.Drivers.HaProxy;

/// <summary>
/// HAProxy's runtime API: one command per connection to its stats socket, whose answer ends with the connection
/// (HAProxy Management Guide, "Unix Socket commands"). It says what went wrong in words; nothing, mostly, when it did as told.
/// </summary>
/// <param name="address">Path of a Unix socket, or <c>host:port</c>.</param>
internal sealed class HaProxyRuntime(string address)
{
    public async Task<string> AskAsync(string command, CancellationToken cancellationToken)
    {
        using var socket = await ConnectAsync(cancellationToken);
        await socket.SendAsync(Encoding.UTF8.GetBytes(command + "\n"), cancellationToken);
        var answer = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, cancellationToken) is var read and > 0) answer.Write(buffer, 0, read);
        return Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length).Trim('\n', ' ');
    }

    /// <exception cref="HaProxyRefusal">It answered anything at all.</exception>
    public async Task TellAsync(string command, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(command, cancellationToken);
        if (answer.Length > 0) throw new HaProxyRefusal($"HAProxy refused '{command.Split('\n')[0]}': {answer}");
    }

    /// <summary>Entries of a map, key → value.</summary>
    public async Task<IReadOnlyDictionary<string, string>> MapAsync(string map, CancellationToken cancellationToken)
    {
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in (await AskAsync($"show map {map}", cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // "0x55d0c0ffee key value"
            var words = line.Split(' ', 3);
            if (!words[0].StartsWith("0x", StringComparison.Ordinal)) throw new HaProxyRefusal($"HAProxy does not show the map {map}: {line}");
            if (words.Length == 3) entries[words[1]] = words[2];
        }

        return entries;
    }

    /// <summary>The servers of a backend, in its own order.</summary>
    public async Task<IReadOnlyList<HaProxyServer>> ServersAsync(string backend, CancellationToken cancellationToken)
    {
        var lines = (await AskAsync($"show servers state {backend}", cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal)) is not { } header)
            throw new HaProxyRefusal($"HAProxy has no backend '{backend}': {string.Join(' ', lines)}");
        var names = header[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        int At(string name) => names.IndexOf(name);
        return
        [
            .. lines.Where(line => !line.StartsWith('#') && line.Contains(' ')).Select(line => line.Split(' ')).Select(fields => new HaProxyServer(
                fields[At("srv_name")], fields[At("srv_addr")], fields[At("srv_port")],
                int.Parse(fields[At("srv_admin_state")], CultureInfo.InvariantCulture),
                int.Parse(fields[At("srv_uweight")], CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>Sessions under way at a backend.</summary>
    public async Task<int?> SessionsAsync(string backend, CancellationToken cancellationToken)
    {
        var lines = (await AskAsync("show stat", cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var current = lines[0].TrimStart('#', ' ').Split(',').ToList().IndexOf("scur");
        var row = lines.Skip(1).Select(line => line.Split(',')).FirstOrDefault(fields => fields[0] == backend && fields[1] == "BACKEND");
        return row is null || current < 0 ? null : int.Parse(row[current], CultureInfo.InvariantCulture);
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var isUnix = address.Contains('/');
        var socket = isUnix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            EndPoint end = isUnix ? new UnixDomainSocketEndPoint(address) : DriverText.EndPointOf(address);
            await socket.ConnectAsync(end, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>One server slot of a backend.</summary>
/// <param name="Name">As in the configuration.</param>
/// <param name="Address">Where it points.</param>
/// <param name="Port">And at which port.</param>
/// <param name="AdminState">Bits; 0: it takes requests.</param>
/// <param name="Weight">As set by people; 0: no requests.</param>
internal sealed record HaProxyServer(string Name, string Address, string Port, int AdminState, int Weight)
{
    public bool TakesRequests => AdminState == 0 && Weight > 0;
    public string EndPoint => DriverAddresses.Of(Address, Port);
}

/// <summary>HAProxy's own words for why it did not do as it was told.</summary>
internal sealed class HaProxyRefusal(string message) : Exception(message);
