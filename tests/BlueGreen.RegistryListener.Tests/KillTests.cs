using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using BlueGreen.Demo.Hosting;
using BlueGreen.RegistryListener.Tests.Fixture;
using Microsoft.Data.Sqlite;

namespace BlueGreen.RegistryListener.Tests;

public sealed class KillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bluegreen-listener-kill-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listener_KilledWithWebhooksUnderWay_HasStoredEveryOneItAcknowledged()
    {
        var address = Loopback();
        using var process = Start(address);
        using var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(10) };
        await UntilReadyAsync(process, http);
        await AddEndpointAsync();
        var acknowledged = new ConcurrentBag<string>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var lanes = Enumerable.Range(0, 16).Select(_ => Task.Run(() => SendAsync(http, acknowledged, over.Token), Token)).ToList();
        await Eventually.BecomesTrueAsync(() => acknowledged.Count > 100, () => $"{acknowledged.Count} acknowledged");
        process.Kill();
        await process.WaitForExitAsync(Token);
        await over.CancelAsync();
        await Task.WhenAll(lanes);

        Assert.Empty(acknowledged.Except(await StoredAsync()));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private Process Start(Uri address)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            ArgumentList = { "exec", typeof(RegistryListenerService).Assembly.Location, "--urls", address.AbsoluteUri },
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["BlueGreen__DataDirectory"] = _folder;
        start.Environment["BlueGreen__Api__Token"] = "a-token-for-tests-only";
        start.Environment["BlueGreen__RegistryListener__Sources__generic__Secret"] = ListenerHost.Secret;
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task UntilReadyAsync(Process process, HttpClient http) => await Eventually.BecomesTrueAsync(async () =>
    {
        Assert.False(process.HasExited, "The listener did not start.");
        try
        {
            using var response = await http.GetAsync(new Uri("health/ready", UriKind.Relative), Token);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    });

    private static async Task SendAsync(HttpClient http, ConcurrentBag<string> acknowledged, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var webhook = new Webhook();
            try
            {
                using var request = webhook.ToRequest();
                using var response = await http.SendAsync(request, cancellationToken);
                if (response.StatusCode == HttpStatusCode.Accepted) acknowledged.Add(webhook.Delivery);
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
            {
                return;
            }
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Directory.GetFiles(_folder, "*.db").Single()}");
        connection.Open();
        return connection;
    }

    private async Task AddEndpointAsync()
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO registry_listener_endpoints (name, promotion_stage, registries, revision) VALUES ('fraud', $stage, '[]', 1)";
        command.Parameters.AddWithValue("$stage", ListenerHost.Stage);
        await command.ExecuteNonQueryAsync(Token);
    }

    private async Task<List<string>> StoredAsync()
    {
        await using var connection = Open();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT delivery_id FROM registry_listener_deliveries WHERE deployment_id IS NOT NULL";
        await using var reader = await command.ExecuteReaderAsync(Token);
        var stored = new List<string>();
        while (await reader.ReadAsync(Token)) stored.Add(reader.GetString(0));
        return stored;
    }

    private static Uri Loopback() => new($"http://127.0.0.1:{LoopbackPort.Choose(0)}/");
}
