using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.EnvManager.Drivers;

namespace BlueGreen.EnvManager.Environments;

/// <summary>An environment as recorded before anything of it existed, until long after it is gone.</summary>
internal sealed class ServingEnvironment
{
    public required Guid Id { get; init; }
    public required Guid DeploymentId { get; init; }
    public required string Endpoint { get; init; }
    public required string Model { get; init; }
    public required string Version { get; init; }
    public required string ArtifactUri { get; set; }
    public required string ArtifactSha256 { get; set; }

    /// <summary>The template as canonical JSON, see <see cref="EnvironmentFingerprint"/>.</summary>
    public required string Template { get; set; }
    public required string Fingerprint { get; set; }
    public required EnvironmentState State { get; set; }

    /// <summary>Newest provision attempt.</summary>
    public required int Attempt { get; set; }

    /// <summary>How long it may exist without a route that names it.</summary>
    public required TimeSpan UnservedTtl { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the reaper may take it; null while a route names it, or when it is gone.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Why it is in its state, where that needs saying.</summary>
    public string? Reason { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>It was a standby and was let go of: no route will ever name it again.</summary>
    public bool Released { get; set; }

    /// <summary>Counts changes: two writers at once must not overwrite one another.</summary>
    public long Revision { get; set; }

    public bool IsEnding => State is EnvironmentState.Decommissioning or EnvironmentState.Decommissioned;

    /// <summary>The template, read back; not to be asked of a tombstone.</summary>
    public EnvironmentTemplate ReadTemplate() => JsonSerializer.Deserialize<EnvironmentTemplate>(Template)!;

    public ArtifactReference Artifact => new() { Uri = new Uri(ArtifactUri, UriKind.RelativeOrAbsolute), Sha256 = ArtifactSha256 };

    /// <summary>What a driver needs to start one of its replicas.</summary>
    public ReplicaLaunch Launch(int index, string artifactPath, int? port) => new()
    {
        EnvironmentId = Id,
        DeploymentId = DeploymentId,
        Index = index,
        Model = Model,
        Version = Version,
        Fingerprint = Fingerprint,
        Command = ReadTemplate().Command,
        ArtifactPath = artifactPath,
        CreatedAt = CreatedAt,
        Port = port,
    };

    /// <summary>A newer attempt, which may have been given another template.</summary>
    public void Retry(ProvisionEnvironment command)
    {
        Attempt = command.Attempt;
        ArtifactUri = command.Artifact.Uri.OriginalString;
        // What was fetched for an earlier attempt is what was promoted: the next one must not fetch something else.
        if (command.Artifact.Sha256.Length > 0) ArtifactSha256 = command.Artifact.Sha256;
        Template = EnvironmentFingerprint.Canonical(command.Template);
        Fingerprint = EnvironmentFingerprint.Of(command.Template, Artifact);
        Move(EnvironmentState.Provisioning);
    }

    /// <summary>The registry promised no digest: from now on the artifact is the one that was fetched.</summary>
    public void Pin(ArtifactReference artifact, EnvironmentTemplate template)
    {
        ArtifactSha256 = artifact.Sha256;
        Fingerprint = EnvironmentFingerprint.Of(template, artifact);
        Revision++;
    }

    public void Move(EnvironmentState state, string? reason = null)
    {
        State = state;
        Reason = reason;
        Revision++;
    }

    public void Release()
    {
        Released = true;
        Revision++;
    }

    public void Expire(DateTimeOffset? at)
    {
        ExpiresAt = at;
        Revision++;
    }

    public void End(DateTimeOffset at)
    {
        Move(EnvironmentState.Decommissioned, Reason);
        ExpiresAt = null;
        EndedAt = at;
    }

    public static ServingEnvironment From(ProvisionEnvironment command, DateTimeOffset now) => new()
    {
        Id = command.EnvironmentId,
        DeploymentId = command.DeploymentId,
        Endpoint = command.Endpoint,
        Model = command.Model,
        Version = command.Version,
        ArtifactUri = command.Artifact.Uri.OriginalString,
        ArtifactSha256 = command.Artifact.Sha256,
        Template = EnvironmentFingerprint.Canonical(command.Template),
        Fingerprint = EnvironmentFingerprint.Of(command.Template, command.Artifact),
        State = EnvironmentState.Provisioning,
        Attempt = command.Attempt,
        UnservedTtl = command.UnservedTtl,
        CreatedAt = now,
        ExpiresAt = now + command.UnservedTtl,
    };

    /// <summary>Says of an environment nobody knows that it is over, so that a provision command that comes late builds nothing.</summary>
    public static ServingEnvironment Tombstone(Guid id, Guid deploymentId, string reason, DateTimeOffset now) => new()
    {
        Id = id,
        DeploymentId = deploymentId,
        Endpoint = "",
        Model = "",
        Version = "",
        ArtifactUri = "",
        ArtifactSha256 = "",
        Template = "",
        Fingerprint = "",
        State = EnvironmentState.Decommissioned,
        Attempt = 0,
        UnservedTtl = TimeSpan.Zero,
        CreatedAt = now,
        Reason = reason,
        EndedAt = now,
    };
}
