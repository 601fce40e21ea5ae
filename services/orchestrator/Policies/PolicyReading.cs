using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>What one pass over a policy finds: errors, and the files that it refers to.</summary>
/// <param name="files">Resolves plain file names.</param>
/// <param name="silent">Errors are dropped: below a section that is itself refused, or while the schema is being described.</param>
internal sealed class PolicyReading(IPolicyFiles files, bool silent = false)
{
    private const int MaxErrors = 100;

    public List<PolicyError> Errors { get; } = [];
    public List<PolicyFile> References { get; } = [];

    /// <summary>Where each field's value stands.</summary>
    public Dictionary<string, PolicyNode> Places { get; } = new(StringComparer.Ordinal);
    public IPolicyFiles Files { get; } = files;

    /// <summary>A pass whose findings do not count.</summary>
    public static PolicyReading Silent { get; } = new(NoPolicyFiles.Instance, silent: true);

    public void Report(string field, int line, int column, string message)
    {
        if (!silent && Errors.Count < MaxErrors) Errors.Add(new PolicyError(field, line, column, message));
    }

    public void Refer(string field, BlobReference blob)
    {
        if (!silent) References.Add(new PolicyFile(field, blob));
    }

    public void Locate(string field, PolicyNode at)
    {
        if (!silent) Places[field] = at;
    }
}

/// <summary>A file that a policy refers to, and where it does.</summary>
internal sealed record PolicyFile(string Field, BlobReference Blob);
