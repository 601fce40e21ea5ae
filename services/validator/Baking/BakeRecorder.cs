using System.Security.Cryptography;
using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Validator.Evidence;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Baking;

/// <summary>Keeps what bakes see for whoever asks later why they ended as they did. That it cannot be kept never changes a verdict.</summary>
internal sealed class BakeRecorder(IBakeRecords records, IOptions<EvidenceOptions> options, TimeProvider time, ILogger<BakeRecorder> logger)
{
    /// <summary>A bake that is taken up again goes on with what was kept.</summary>
    public async Task<BakeRecord> OpenAsync(BeginBaking command, CancellationToken cancellationToken)
    {
        BakeEvidence? earlier = null;
        try
        {
            earlier = await records.FindAsync(command.DeploymentId, command.Attempt, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            logger.BakeNotKept(command.Endpoint, command.DeploymentId, fault);
        }

        return new(command, new(options.Value.MostLooks, earlier), time.GetUtcNow());
    }

    /// <summary>Adds a look, and writes all of them every now and then.</summary>
    public async Task LookAsync(BakeRecord record, BakeProgress progress, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        record.Looks.Add(now, progress.Results);
        if (now - record.SavedAt < options.Value.BakeInterval) return;
        record.SavedAt = now;
        try
        {
            await records.SaveAsync(Evidence(record, progress, null, null), cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            logger.BakeNotKept(record.Command.Endpoint, record.Command.DeploymentId, fault);
        }
    }

    /// <summary>What is to be written with the verdict.</summary>
    public Func<Persistence.ValidatorDbContext, CancellationToken, Task> Close(BakeRecord record, BakeProgress progress, Verdict verdict, string? reason) =>
        records.Write(Evidence(record, progress, verdict, reason));

    private BakeEvidence Evidence(BakeRecord record, BakeProgress progress, Verdict? verdict, string? reason) => new()
    {
        DeploymentId = record.Command.DeploymentId,
        Attempt = record.Command.Attempt,
        Endpoint = record.Command.Endpoint,
        EnvironmentId = record.Command.Green.EnvironmentId,
        BlueId = record.Command.Blue?.EnvironmentId,
        SwitchedAt = record.Command.SwitchedAt,
        LookedAt = time.GetUtcNow(),
        Verdict = verdict,
        Reason = reason,
        Policy = record.Command.Bake,
        PolicyHash = record.PolicyHash,
        Taken = record.Looks.Taken,
        Looks = [.. record.Looks.Kept],
        Pairs = progress.Pairs?.Pairs,
    };
}

/// <summary>One bake's record.</summary>
/// <param name="command">The bake.</param>
/// <param name="looks">What is kept of it.</param>
/// <param name="savedAt">When it was written last, or begun.</param>
internal sealed class BakeRecord(BeginBaking command, BakeLooks looks, DateTimeOffset savedAt)
{
    public BeginBaking Command => command;

    public BakeLooks Looks => looks;

    public DateTimeOffset SavedAt { get; set; } = savedAt;

    public string PolicyHash { get; } =
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(command.Bake, EvidenceJson.Default.BakePolicy)));
}
