using BlueGreen.Orchestrator.Blobs;
using BlueGreen.Orchestrator.Endpoints;
using Microsoft.Extensions.Options;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>
/// Applies the policies of <see cref="PolicyOptions.PolicyDirectory"/> at start. All of them are checked before the first is stored;
/// a bad one stops the start with every error.
/// </summary>
internal sealed class PolicyDirectoryLoader(
    IOptions<PolicyOptions> options, EndpointStore endpoints, BlobStore blobs, ILogger<PolicyDirectoryLoader> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(options.Value.PolicyDirectory)) return;
        var path = Path.GetFullPath(options.Value.PolicyDirectory);
        if (!Directory.Exists(path))
            throw new PolicyDirectoryException([$"{PolicyOptions.Section}:{nameof(PolicyOptions.PolicyDirectory)}: there is no directory {path}."]);

        var directory = new PolicyDirectory(path);
        var policies = Check(directory);
        foreach (var (name, content) in directory.Contents) await blobs.PutAsync(name, content, cancellationToken);
        foreach (var policy in policies)
        {
            var applied = await endpoints.ApplyAsync(policy.Text, policy.Parsed, dryRun: false, cancellationToken);
            if (applied.Problem is { } problem) throw new PolicyDirectoryException([$"{policy.Path}:{problem}"]);
            logger.PolicyApplied(applied.Name, applied.Revision, policy.Path, applied.Change);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static List<PolicyFileText> Check(PolicyDirectory directory)
    {
        var policies = directory.PolicyPaths.Select(path =>
        {
            var text = PolicyDirectory.ReadText(path);
            return new PolicyFileText(path, text, PolicyParser.Parse(text, PolicyFormat.Yaml, directory));
        }).ToList();
        var problems = policies.SelectMany(policy => policy.Parsed.Errors.Select(error => $"{policy.Path}:{error}"))
            .Concat(policies.Where(policy => policy.Parsed.Policy is not null)
                .GroupBy(policy => policy.Parsed.Policy!.Name).Where(group => group.Count() > 1)
                .Select(group => $"{group.Last().Path}: metadata.name: '{group.Key}' is the endpoint of {group.First().Path} too."))
            .ToList();
        return problems.Count == 0 ? policies : throw new PolicyDirectoryException(problems);
    }

    private sealed record PolicyFileText(string Path, string Text, PolicyParseResult Parsed);
}

/// <summary>The policy directory cannot be applied; the message has one line per problem.</summary>
internal sealed class PolicyDirectoryException(IReadOnlyList<string> problems)
    : Exception($"The policies were refused.{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
