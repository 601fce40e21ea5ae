using System.Globalization;
using BlueGreen.Platform.Webhooks;
using Microsoft.Extensions.Options;

namespace BlueGreen.RegistryListener.Sources.Generic;

/// <summary>
/// Our own format, for scripts and registries without webhooks of their own. <c>X-BlueGreen-Signature</c> is <c>sha256=</c> and the
/// hexadecimal HMAC-SHA256 over <c>{X-BlueGreen-Delivery}.{X-BlueGreen-Timestamp}.{raw body}</c>.
/// </summary>
internal sealed class GenericPromotionSource(IOptionsMonitor<RegistryListenerOptions> options) : IPromotionSource
{
    public const string DeliveryHeader = "X-BlueGreen-Delivery";
    public const string TimestampHeader = "X-BlueGreen-Timestamp";
    public const string SignatureHeader = "X-BlueGreen-Signature";
    private const string SignaturePrefix = "sha256=";
    private const int MaxDelivery = 128;

    public string Name => "generic";

    public Authentication Authenticate(WebhookRequest request, string secret)
    {
        if (request.Headers[DeliveryHeader] is not [{ Length: > 0 and <= MaxDelivery } delivery] || !delivery.All(IsDeliveryCharacter))
            return Refuse(DeliveryHeader, $"Send one id of at most {MaxDelivery} letters, digits and . _ : - per delivery.");
        if (request.Headers[TimestampHeader] is not [{ } stamp]
            || !long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return Refuse(TimestampHeader, "Send the time of signing in whole seconds since 1970-01-01T00:00:00Z.");
        if (request.Headers[SignatureHeader] is not [{ } signature] || !signature.StartsWith(SignaturePrefix, StringComparison.Ordinal))
            return Refuse(SignatureHeader, "Send `sha256=` and the HMAC-SHA256 of `{delivery}.{timestamp}.{body}` in hexadecimal.");
        // The digits-only timestamp and the delivery's alphabet leave one way only to take the signed text apart.
        if (!WebhookSignature.IsValidHex(secret, $"{delivery}.{stamp}.", request.Body, signature[SignaturePrefix.Length..]))
            return Refuse(SignatureHeader, "The signature does not match the delivery id, the timestamp and the body.");
        var window = options.CurrentValue.ReplayWindow;
        if (Math.Abs(request.ReceivedAt.ToUnixTimeSeconds() - (double)seconds) > window.TotalSeconds)
            return Refuse(TimestampHeader, $"The timestamp is more than {window.TotalSeconds:0} s from this server's clock; sign again.");
        return new Authentication.Authentic(delivery);
    }

    public PromotionReading Read(WebhookRequest request)
    {
        var fields = JsonFields.Read(request.Body);
        var model = fields.Name("model");
        var endpoint = fields.OptionalName("endpoint");
        var promotion = new Promotion
        {
            Model = model,
            Version = fields.Name("version"),
            Stage = fields.Text("stage", PromotionFields.MaxName),
            Endpoint = endpoint ?? model,
            EndpointField = "endpoint",
            Artifact = fields.Nested("artifact").Artifact(options.CurrentValue.AllowedArtifactSchemes),
            PromotedBy = fields.OptionalText("promotedBy", PromotionFields.MaxPerson),
        };
        fields.RefuseOthers();
        return fields.Problem is { } problem ? new PromotionReading.Invalid(problem) : new PromotionReading.Promoted(promotion);
    }

    private static bool IsDeliveryCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || character is '.' or '_' or ':' or '-';

    private static Authentication.Refused Refuse(string header, string detail) =>
        new(new FieldProblem(StatusCodes.Status401Unauthorized, header, detail));
}
