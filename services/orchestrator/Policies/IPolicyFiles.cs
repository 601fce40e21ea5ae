using BlueGreen.Contracts;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>Where the plain file names of a policy lead.</summary>
internal interface IPolicyFiles
{
    /// <summary>The blob behind a plain file name such as <c>golden.jsonl</c>; or null, and what its author should do.</summary>
    BlobReference? Find(string name, out string problem);
}

/// <summary>A policy that came through the API: whoever sent it has the files, we do not.</summary>
internal sealed class NoPolicyFiles : IPolicyFiles
{
    public static NoPolicyFiles Instance { get; } = new();

    public BlobReference? Find(string name, out string problem)
    {
        problem = $"The file '{name}' is not here. Apply the policy with `bg policy apply`, which uploads it, or upload it yourself " +
            "(PUT /api/v1/blobs/<sha256>) and write `sha256:<64 hexadecimal digits>`.";
        return null;
    }
}
