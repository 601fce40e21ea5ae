using System.Text.Json;
using BlueGreen.Contracts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlueGreen.Rollback.Rules;

/// <summary>This service's copy of an endpoint's alarm rules, kept up by <c>EndpointConfigured</c>.</summary>
internal sealed class EndpointRulesRow
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public required string Endpoint { get; init; }

    /// <summary>Counts up with every change of the policy.</summary>
    public required long Revision { get; set; }

    /// <summary>The rules as JSON.</summary>
    public required string Alarms { get; set; }

    /// <summary>Who is told, as JSON.</summary>
    public string Notify { get; set; } = "[]";

    public static string Write<T>(IReadOnlyList<T> rules) => JsonSerializer.Serialize(rules, Json);

    public EndpointRules Read() => new(Endpoint, Revision, JsonSerializer.Deserialize<List<AlarmRule>>(Alarms, Json)!)
    {
        Notify = JsonSerializer.Deserialize<List<NotifyRule>>(Notify, Json)!,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<EndpointRulesRow>
    {
        public void Configure(EntityTypeBuilder<EndpointRulesRow> builder)
        {
            builder.ToTable("endpoints");
            builder.HasKey(row => row.Endpoint);
            // Two revisions consumed at once: the second to commit is run again and sees the first.
            builder.Property(row => row.Revision).IsConcurrencyToken();
        }
    }
}
