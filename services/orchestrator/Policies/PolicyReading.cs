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
    public IPolicyFiles Files { get; } = files;

    /// <summary>A pass whose findings do not count.</summary>
    public static PolicyReading Silent { get; } = new(NoPolicyFiles.Instance, silent: true);

    public void Report(string field, int line, int column, string message)
    {
        if (!silent && Errors.Count < MaxErrors) Errors.Add(new PolicyError(field, line, column, message));
    }

    public void Refer(string field, PolicyNode at, BlobReference blob)
    {
        if (!silent) References.Add(new PolicyFile(field, at.Line, at.Column, blob));
    }
}

/// <summary>A file that a policy refers to, and where it does.</summary>
internal sealed record PolicyFile(string Field, int Line, int Column, BlobReference Blob);
