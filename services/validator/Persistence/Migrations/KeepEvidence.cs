using BlueGreen.Platform.Persistence;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace BlueGreen.Validator.Persistence.Migrations;

[DbContext(typeof(ValidatorDbContext))]
[Migration("20261123100000_KeepEvidence")]
internal sealed class KeepEvidence() : ServiceMigration(ValidatorService.ServiceName)
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        var schema = SchemaName(migrationBuilder);
        var judgements = TableName(migrationBuilder, "judgements");
        migrationBuilder.CreateTable(judgements, schema: schema, columns: table => new
        {
            deployment_id = table.Column<Guid>(nullable: false),
            attempt = table.Column<int>(nullable: false),
            endpoint = table.Column<string>(nullable: false),
            environment_id = table.Column<Guid>(nullable: false),
            fingerprint = table.Column<string>(nullable: false),
            judged_at = table.Column<DateTimeOffset>(nullable: false),
            passed = table.Column<bool>(nullable: false),
            policy = table.Column<string>(nullable: false),
            policy_hash = table.Column<string>(nullable: false),
            bytes = table.Column<long>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{judgements}", row => new { row.deployment_id, row.attempt }));
        migrationBuilder.CreateIndex($"ix_{judgements}_judged_at", judgements, "judged_at", schema);
        migrationBuilder.CreateIndex($"ix_{judgements}_endpoint_judged_at", judgements, ["endpoint", "judged_at"], schema);

        var evidence = TableName(migrationBuilder, "evidence");
        migrationBuilder.CreateTable(evidence, schema: schema, columns: table => new
        {
            deployment_id = table.Column<Guid>(nullable: false),
            attempt = table.Column<int>(nullable: false),
            gate = table.Column<string>(nullable: false),
            place = table.Column<int>(nullable: false),
            document = table.Column<byte[]>(nullable: false),
        }, constraints: table => table.PrimaryKey($"pk_{evidence}", row => new { row.deployment_id, row.attempt, row.gate }));
    }
}
