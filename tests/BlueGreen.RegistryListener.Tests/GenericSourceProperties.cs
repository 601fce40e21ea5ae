using System.Text;
using System.Text.Json;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Sources;
using BlueGreen.RegistryListener.Sources.Generic;
using BlueGreen.RegistryListener.Tests.Fixture;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Tests;

public sealed class GenericSourceProperties
{
    private static readonly GenericPromotionSource Source = new(new ServiceCollection()
        .AddOptions().BuildServiceProvider().GetRequiredService<IOptionsMonitor<RegistryListenerOptions>>());

    private static readonly SourceOptions Options = new() { Secret = ListenerHost.Secret };

    private static readonly byte[] Valid = Encoding.UTF8.GetBytes(Webhook.Promotion().ToJsonString());

    private static readonly Gen<byte[]> Mutated =
        from cuts in Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Byte).Array[1, 6]
        select Mutate(cuts);

    [Fact]
    public void Read_OfAnyBytes_NeverThrows() => Gen.Byte.Array[0, 300].Sample(bytes => Answers(bytes));

    [Fact]
    public void Read_OfAlmostValidJson_NeverThrows() => Mutated.Sample(bytes => Answers(bytes), iter: 5_000);

    [Fact]
    public void Read_OfAnyStringsInEveryField_NeverThrows() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((name, first, second) => Answers(JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, object> { ["model"] = first, ["version"] = second, ["artifact"] = new { uri = first, sha256 = second }, [name] = name })));

    [Fact]
    public void Authenticate_WithAnyHeaders_RefusesAndNeverThrows() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((delivery, timestamp, signature) =>
        {
            var headers = new HeaderDictionary
            {
                ["X-BlueGreen-Delivery"] = delivery,
                ["X-BlueGreen-Timestamp"] = timestamp,
                ["X-BlueGreen-Signature"] = signature,
            };
            return Source.Authenticate(Request(Valid, headers), Options) is Authentication.Refused;
        });

    private static bool Answers(byte[] body) => Source.Read(Request(body, new HeaderDictionary()), Options) switch
    {
        WebhookReading.Refused { Problem: { Status: 400 or 422, Field.Length: > 0, Detail.Length: > 0 } } => true,
        WebhookReading.Events { All: [{ Reading: EventReading.Promoted }] } => true,
        _ => false,
    };

    private static byte[] Mutate((int, byte)[] cuts)
    {
        var bytes = Valid.ToArray();
        foreach (var (at, value) in cuts) bytes[at] = value;
        return bytes;
    }

    private static WebhookRequest Request(byte[] body, HeaderDictionary headers) =>
        new() { Headers = headers, Body = body, ReceivedAt = TimeProvider.System.GetUtcNow() };
}
