using System.Diagnostics;
using System.Security.Cryptography;
using BlueGreen.Testing.Containers;

namespace BlueGreen.Compose.Tests;

/// <summary>The stack of docker-compose.yml as a user starts it, from images built of this source tree, on an address of its own.</summary>
public sealed class ComposeStack : IAsyncLifetime
{
    private static readonly string Root = FindRoot();
    private readonly Dictionary<string, string> _environment = [];
    private (string Program, string[] First) _compose;

    /// <summary>Signs the registry's webhooks.</summary>
    public string WebhookSecret => _environment["BLUEGREEN_WEBHOOK_SECRET"];

    /// <summary>Bearer token of the alerting system.</summary>
    public string AlarmToken => _environment["BLUEGREEN_ALARM_TOKEN"];

    /// <summary>Bearer token of operators.</summary>
    public string OperatorToken => _environment["BLUEGREEN_TOKEN"];

    /// <summary>A published port.</summary>
    public Uri Port(int port) => new($"http://{_environment["BLUEGREEN_BIND"]}:{port}/");

    /// <summary>Builds the images and starts everything, unless no engine answers.</summary>
    public async ValueTask InitializeAsync()
    {
        if (ContainerEngine.SkipReason is not null) return;
        foreach (var name in new[] { "TOKEN", "WEBHOOK_SECRET", "ALARM_TOKEN", "BREAK_GLASS_TOKEN" })
            _environment[$"BLUEGREEN_{name}"] = RandomNumberGenerator.GetHexString(64, lowercase: true);
        // All of 127/8 is this machine: no port of the stack can be taken by somebody else.
        _environment["BLUEGREEN_BIND"] = $"127.{Random.Shared.Next(1, 250)}.{Random.Shared.Next(1, 250)}.{Random.Shared.Next(2, 250)}";
        _environment["COMPOSE_PROJECT_NAME"] = $"bluegreen-test-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        _compose = await HasPluginAsync() ? ("docker", ["compose"]) : ("docker-compose", []);
        await RunAsync("eng/images", ["sdk", "aspnet", "rabbitmq", "postgres"]);
        await ComposeAsync("build", "--quiet");
        await ComposeAsync("up", "--detach", "--no-build");
    }

    /// <summary>Removes containers and volumes; the images stay.</summary>
    public async ValueTask DisposeAsync()
    {
        if (ContainerEngine.SkipReason is null) await ComposeAsync("down", "--volumes", "--timeout", "5");
    }

    /// <summary>Runs one compose command.</summary>
    /// <returns>What it wrote to standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public Task<string> ComposeAsync(params string[] arguments) =>
        RunAsync(_compose.Program, [.. _compose.First, .. arguments]);

    /// <summary>Ends a service's container at once, as a crash would.</summary>
    public Task KillAsync(string service) => ComposeAsync("kill", service);

    /// <summary>What an operator runs after a crash: starts whatever is down, and leaves the rest alone.</summary>
    public Task HealAsync() => ComposeAsync("up", "--detach", "--no-build");

    /// <summary>A file of the models volume.</summary>
    public Task<string> ReadModelFileAsync(string name) => ComposeAsync("exec", "-T", "env-manager", "cat", $"/models/{name}");

    private static async Task<bool> HasPluginAsync()
    {
        using var probe = Process.Start(
            new ProcessStartInfo("docker", ["compose", "version"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0;
    }

    private async Task<string> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program.Contains('/') ? Path.Combine(Root, program) : program, arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{await errors}");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "docker-compose.yml")))
            folder = folder.Parent ?? throw new InvalidOperationException("docker-compose.yml is in no folder above the test.");
        return folder.FullName;
    }
}
