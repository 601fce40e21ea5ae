using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using DotNet.Testcontainers.Containers;
using Microsoft.Extensions.Logging.Abstractions;
using Testcontainers.RabbitMq;

namespace BlueGreen.Testing.Containers;

/// <summary>
/// A real RabbitMQ 4 with a virtual host for each test that asks for one. Before killing it let quorum queues settle:
/// measured on 4.0.5, one that was declared less than about a second before the kill is lost with its messages.
/// </summary>
public sealed class RabbitMqServer : ContainerServer
{
    private const int AmqpPort = 5672;
    private const int ManagementPort = 15672;
    private const string User = "bluegreen";
    private readonly string _password = Guid.NewGuid().ToString("N");

    /// <summary>AMQP address with the administrator's credentials, for the default virtual host.</summary>
    public string ConnectionString => AddressOf(string.Empty);

    /// <summary>Address of the management API (HTTP, basic authentication with the credentials of <see cref="ConnectionString"/>).</summary>
    public Uri ManagementAddress => new($"http://{Container.Hostname}:{Container.GetMappedPublicPort(ManagementPort)}/");

    /// <summary>Creates an empty virtual host; its name is <paramref name="name"/> with a suffix that makes it unique.</summary>
    /// <returns>The AMQP address of it, credentials included.</returns>
    /// <exception cref="HttpRequestException">The broker refused.</exception>
    public async Task<string> CreateVirtualHostAsync(string name, CancellationToken ct)
    {
        var virtualHost = Uri.EscapeDataString(Unique(name));
        using var client = CreateManagementClient();
        await PutAsync(client, $"api/vhosts/{virtualHost}", new { description = "test" }, ct);
        await PutAsync(client, $"api/permissions/{virtualHost}/{User}", new { configure = ".*", write = ".*", read = ".*" }, ct);
        return AddressOf(virtualHost);
    }

    /// <summary>Has the broker block its publishers by a memory alarm, or lets them go on.</summary>
    /// <exception cref="InvalidOperationException"><c>rabbitmqctl</c> refused.</exception>
    public async Task BlockPublishersAsync(bool isBlocking, CancellationToken ct)
    {
        var result = await Container.ExecAsync(["rabbitmqctl", "set_vm_memory_high_watermark", isBlocking ? "0.000001" : "0.6"], ct);
        if (result.ExitCode != 0) throw new InvalidOperationException($"rabbitmqctl: {result.Stdout}{result.Stderr}");
    }

    /// <summary>A client of the management API that carries the administrator's credentials.</summary>
    public HttpClient CreateManagementClient()
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{_password}"));
        var client = new HttpClient { BaseAddress = ManagementAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        return client;
    }

    /// <inheritdoc/>
    protected override IContainer Build() => new RabbitMqBuilder("rabbitmq:4-management")
        .WithLogger(NullLogger.Instance)
        .WithUsername(User)
        .WithPassword(_password)
        // Erlang's schedulers spin while idle, on cores that the tests need.
        .WithEnvironment("RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS", "+sbwt none +sbwtdcpu none +sbwtdio none")
        .WithPortBinding(HostPort.Reserve(), AmqpPort)
        .WithPortBinding(HostPort.Reserve(), ManagementPort)
        .Build();

    /// <inheritdoc/>
    protected override async Task AskAsync(CancellationToken ct)
    {
        using var client = CreateManagementClient();
        using var response = await client.GetAsync($"api/health/checks/port-listener/{AmqpPort}", ct);
        response.EnsureSuccessStatusCode();
    }

    private string AddressOf(string virtualHost) =>
        $"amqp://{User}:{_password}@{Container.Hostname}:{Container.GetMappedPublicPort(AmqpPort)}/{virtualHost}";

    private static async Task PutAsync(HttpClient client, string path, object body, CancellationToken ct)
    {
        using var response = await client.PutAsJsonAsync(path, body, ct);
        response.EnsureSuccessStatusCode();
    }
}
