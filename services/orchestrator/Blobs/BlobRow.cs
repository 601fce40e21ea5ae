using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Orchestrator.Blobs;

/// <summary>A file that policies refer to, kept under the digest of its content and therefore never changed.</summary>
internal sealed class BlobRow
{
    /// <summary>SHA-256 of <see cref="Content"/>, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The name its first uploader gave it, e.g. <c>golden.jsonl</c>.</summary>
    public required string Name { get; init; }
    public required byte[] Content { get; init; }

    /// <summary>Bytes of <see cref="Content"/>.</summary>
    public required long Size { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<BlobRow>
    {
        public void Configure(EntityTypeBuilder<BlobRow> builder)
        {
            builder.ToTable("blobs");
            builder.HasKey(row => row.Sha256);
        }
    }
}
