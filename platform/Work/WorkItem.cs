using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Platform.Work;

internal static class WorkState
{
    public const string Pending = "Pending";
    public const string Running = "Running";

    /// <summary>Kept for a while: its fence tells a repetition from a new attempt.</summary>
    public const string Done = "Done";
}

/// <summary>Work that a committed transaction asked for.</summary>
internal sealed class WorkItem
{
    public required string Kind { get; init; }
    public required string Subject { get; init; }
    public long Fence { get; set; }
    public required string State { get; set; }
    public required string Command { get; set; }
    public DateTimeOffset RequestedAt { get; set; }
    public DateTimeOffset DueAt { get; set; }
    public int Tries { get; set; }
    public Guid? LeaseId { get; set; }
    public string? LeaseOwner { get; set; }
    public DateTimeOffset? LeaseUntil { get; set; }
    public string? LastError { get; set; }

    /// <summary>W3C traceparent of the request, so that the work joins its trace.</summary>
    public string? TraceParent { get; set; }

    public void Lease(string owner, DateTimeOffset until)
    {
        State = WorkState.Running;
        LeaseId = Guid.CreateVersion7();
        LeaseOwner = owner;
        LeaseUntil = until;
    }

    public void Release(string state, DateTimeOffset dueAt)
    {
        State = state;
        DueAt = dueAt;
        LeaseId = null;
        LeaseOwner = null;
        LeaseUntil = null;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<WorkItem>
    {
        public void Configure(EntityTypeBuilder<WorkItem> builder)
        {
            builder.ToTable("work_items");
            builder.HasKey(row => new { row.Kind, row.Subject });
            builder.HasIndex(row => new { row.State, row.DueAt });
        }
    }
}
