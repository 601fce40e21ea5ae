using System.Globalization;
using System.Text;
using BlueGreen.Platform.Webhooks;
using BlueGreen.RegistryListener.Sources;
using BlueGreen.RegistryListener.Sources.Databricks;
using BlueGreen.RegistryListener.Sources.Mlflow;
using BlueGreen.RegistryListener.Sources.WeightsAndBiases;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Tests.Sources;

/// <summary>Signatures computed elsewhere (Python's hmac and openssl), and the same with one thing changed.</summary>
public sealed class SignatureVectorTests
{
    private const string Secret = "whsec-0123456789abcdef";
    private const string Delivery = "3f1c9a52-6b1e-4e0b-9a5d-0c1d2e3f4a5b";
    private const long Stamp = 1_790_000_000;
    private const string Body = "{\"entity\": \"model_version_alias\", \"action\": \"created\", \"data\": {\"name\": \"fraud-€\", \"alias\": \"champion\", \"version\": \"7\"}}";
    private const string MlflowSignature = "v1,O8KTL2X8snBUCPIJmWNGssmEpx9l5jmJhF1NVLpAACA=";
    private const string BodyHex = "4489f934a94e8ce4208c41f9b60891fe8b3784179a8b17dbd2e921600fa088b4";
    private const string BodyBase64 = "RIn5NKlOjOQgjEH5tgiR/os3hBeaixfb0ukhYA+giLQ=";

    private static readonly MlflowPromotionSource Mlflow = new(new ServiceCollection()
        .AddOptions().BuildServiceProvider().GetRequiredService<IOptionsMonitor<RegistryListenerOptions>>());

    [Theory]
    [InlineData(MlflowSignature, 0, Body, Secret, true)]
    [InlineData(MlflowSignature, 299, Body, Secret, true)]
    [InlineData(MlflowSignature, 301, Body, Secret, false)]
    [InlineData(MlflowSignature, 0, Body + " ", Secret, false)]
    [InlineData(MlflowSignature, 0, Body, Secret + "x", false)]
    [InlineData("sha256=" + BodyHex, 0, Body, Secret, false)]
    [InlineData("v1," + BodyBase64, 0, Body, Secret, false)]
    [InlineData("v1, " + BodyBase64, 0, Body, Secret, false)]
    [InlineData("v1,", 0, Body, Secret, false)]
    public void Mlflow_Signature_IsThatOfIdTimeAndBody(string signature, int secondsLater, string body, string secret, bool expected)
    {
        var headers = new HeaderDictionary
        {
            [MlflowPromotionSource.DeliveryHeader] = Delivery,
            [MlflowPromotionSource.TimestampHeader] = Stamp.ToString(CultureInfo.InvariantCulture),
            [MlflowPromotionSource.SignatureHeader] = signature,
        };
        Assert.Equal(expected, IsAuthentic(Mlflow, headers, body, secret, secondsLater));
    }

    [Theory]
    [InlineData(BodyHex, Body, true)]
    [InlineData(BodyHex, Body + "\n", false)]
    [InlineData("00" + BodyHex, Body, false)]
    [InlineData(BodyBase64, Body, false)]
    public void Databricks_Signature_IsThatOfTheBodyInHexadecimal(string signature, string body, bool expected) => Assert.Equal(
        expected, IsAuthentic(new DatabricksPromotionSource(), new() { [DatabricksPromotionSource.SignatureHeader] = signature }, body, Secret));

    [Theory]
    [InlineData(BodyBase64, Body, true)]
    [InlineData(BodyHex, Body, true)]
    [InlineData(BodyBase64, Body + "\n", false)]
    [InlineData(BodyBase64 + " ", Body, false)]
    public void Wandb_Signature_IsThatOfTheBody(string signature, string body, bool expected) => Assert.Equal(
        expected, IsAuthentic(new WandbPromotionSource(), new() { [WandbPromotionSource.SignatureHeader] = signature }, body, Secret));

    private static bool IsAuthentic(IPromotionSource source, HeaderDictionary headers, string body, string secret, int secondsLater = 0) =>
        source.Authenticate(new WebhookRequest
        {
            Headers = headers,
            Body = Encoding.UTF8.GetBytes(body),
            ReceivedAt = DateTimeOffset.FromUnixTimeSeconds(Stamp + secondsLater),
        }, new SourceOptions { Secret = secret }) is Authentication.Authentic;
}
