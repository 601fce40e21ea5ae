using System.CommandLine;

namespace BlueGreen.Cli.Commands;

/// <summary>The options that every command has.</summary>
internal sealed class ConnectionOptions
{
    private const string DefaultServer = "http://127.0.0.1:8081";

    public ConnectionOptions() => Server.Validators.Add(result =>
    {
        var text = result.GetValueOrDefault<string>();
        if (!IsHttp(text)) result.AddError($"--server: '{text}' is not an address such as {DefaultServer}.");
    });

    public Option<string> Server { get; } = new("--server")
    {
        Description = "The platform's control address; also BLUEGREEN_URL.",
        Recursive = true,
        DefaultValueFactory = _ => FromEnvironment("BLUEGREEN_URL") ?? DefaultServer,
    };

    public Option<string?> Token { get; } = new("--token")
    {
        Description = "An operator's bearer token; also BLUEGREEN_TOKEN.",
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json")
    {
        Description = "Print JSON and nothing else on standard output.",
        Recursive = true,
    };

    // Not the option's default: help prints defaults, and a secret has no place there.
    public string? TokenOf(ParseResult parsed) => parsed.GetValue(Token) ?? FromEnvironment("BLUEGREEN_TOKEN");

    private static bool IsHttp(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private static string? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
