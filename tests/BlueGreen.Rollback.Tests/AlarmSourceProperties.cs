using System.Text.Json;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Sources;
using BlueGreen.Rollback.Tests.Fixture;
using BlueGreen.Testing.Alarms.Fuzzing;
using CsCheck;

namespace BlueGreen.Rollback.Tests;

public sealed class AlarmSourceProperties
{
    [Fact]
    public void Read_OfAnyBytes_NeverThrows() =>
        Gen.Byte.Array[0, 300].Sample(bytes => AllSources.Every.All(source => Answers(source, bytes)));

    [Fact]
    public void Read_OfMutatedPayloads_NeverThrows() => Gen.Int.Sample(
        seed =>
        {
            var mutator = new PayloadMutator(seed);
            return Testing.Alarms.AlarmPayload.All.All(payload =>
            {
                var body = mutator.Mutate(payload.Body);
                return AllSources.Every.All(source => Answers(source, body));
            });
        },
        iter: 20);

    [Fact]
    public void Read_OfAnyLabelsAndTimes_NeverThrows() =>
        Gen.Select(Gen.String, Gen.String, Gen.DateTimeOffset).Sample((name, value, time) => AllSources.Every.All(source => Answers(
            source, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["name"] = name,
                ["status"] = "firing",
                ["version"] = "4",
                ["groupKey"] = value,
                ["labels"] = new Dictionary<string, string> { [name] = value },
                ["alerts"] = new[] { new { status = "firing", startsAt = time, labels = new Dictionary<string, string> { [name] = value } } },
                ["startsAt"] = time,
            }))));

    [Fact]
    public void Identity_OfALabelSet_DoesNotDependOnItsOrder() =>
        Gen.Dictionary(Gen.String, Gen.String).Sample(labels => LabelDigest.Of(labels) == LabelDigest.Of(
            labels.Reverse().ToDictionary(label => label.Key, label => label.Value)));

    [Fact]
    public void StorableText_OfAnyText_IsShortValidAndFreeOfNul() => Gen.String[0, 3000].Sample(text =>
    {
        var stored = StorableText.Of(text);
        return stored.Length <= 1024 && !stored.Contains('\0', StringComparison.Ordinal);
    });

    private static bool Answers(IAlarmSource source, byte[] body)
    {
        var request = AllSources.Request(body);
        var refusal = source.AuthenticateAsync(request, AllSources.Options, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        var reading = source.Read(request, AllSources.Options);
        return IsProper(refusal) && IsProper(reading.Problem)
            && reading.Alarms.All(alarm => alarm.Name.Length > 0 && !(alarm.Firing && alarm.Note is not null));
    }

    private static bool IsProper(FieldProblem? problem) =>
        problem is null or { Status: 400 or 401 or 403 or 422, Field.Length: > 0, Detail.Length: > 0 };
}
