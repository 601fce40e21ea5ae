using System.Text.Json;
using BlueGreen.Platform.Webhooks;
using BlueGreen.Rollback.Alarms;
using BlueGreen.Rollback.Alarms.Alertmanager;
using BlueGreen.Rollback.Alarms.Generic;
using CsCheck;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Rollback.Tests;

public sealed class AlarmSourceProperties
{
    private static readonly IAlarmSource[] Sources = [new GenericAlarmSource(), new AlertmanagerSource()];

    private static readonly byte[][] Valid =
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Payloads")).Select(File.ReadAllBytes)];

    private static readonly Gen<byte[]> Mutated =
        from which in Gen.Int[0, Valid.Length - 1]
        from changes in Gen.Select(Gen.Int[0, Valid[which].Length - 1], Gen.Byte).Array[1, 6]
        select Mutate(Valid[which], changes);

    [Fact]
    public void Read_OfAnyBytes_NeverThrows() => Gen.Byte.Array[0, 300].Sample(bytes => Sources.All(source => Answers(source, bytes)));

    [Fact]
    public void Read_OfAlmostValidJson_NeverThrows() =>
        Mutated.Sample(bytes => Sources.All(source => Answers(source, bytes)), iter: 5_000);

    [Fact]
    public void Read_OfAnyLabelsAndTimes_NeverThrows() =>
        Gen.Select(Gen.String, Gen.String, Gen.DateTimeOffset).Sample((name, value, time) => Sources.All(source => Answers(
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
        var reading = source.Read(new WebhookRequest
        {
            Headers = new HeaderDictionary(),
            Body = body,
            ReceivedAt = TimeProvider.System.GetUtcNow(),
        });
        return reading.Problem is null or { Status: 400 or 422, Field.Length: > 0, Detail.Length: > 0 };
    }

    private static byte[] Mutate(byte[] valid, (int, byte)[] changes)
    {
        var bytes = valid.ToArray();
        foreach (var (at, value) in changes) bytes[at] = value;
        return bytes;
    }
}
