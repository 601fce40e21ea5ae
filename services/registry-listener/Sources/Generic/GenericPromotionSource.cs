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

    public string Name => "generic";

    public Authentication Authenticate(WebhookRequest request, SourceOptions source)
    {
        if (source.Authentication == "token") return SharedToken.Authenticate(request, source);
        if (request.Headers[DeliveryHeader] is not [{ } delivery] || !DeliveryIds.IsValid(delivery))
            return Authentication.Refuse(DeliveryHeader, $"Send one id of at most {DeliveryIds.MaxLength} letters, digits and . _ : - per delivery.");
        if (request.Headers[TimestampHeader] is not [{ } stamp] || !SignedTime.TryRead(stamp, out var seconds))
            return Authentication.Refuse(TimestampHeader, "Send the time of signing in whole seconds since 1970-01-01T00:00:00Z.");
        if (request.Headers[SignatureHeader] is not [{ } signature] || !signature.StartsWith(SignaturePrefix, StringComparison.Ordinal))
            return Authentication.Refuse(SignatureHeader, "Send `sha256=` and the HMAC-SHA256 of `{delivery}.{timestamp}.{body}` in hexadecimal.");
        // The digits-only timestamp and the delivery's alphabet leave one way only to take the signed text apart.
        if (!WebhookSignature.IsValidHex(source.Secret, $"{delivery}.{stamp}.", request.Body, signature[SignaturePrefix.Length..]))
            return Authentication.Refuse(SignatureHeader, "The signature does not match the delivery id, the timestamp and the body.");
        var window = options.CurrentValue.ReplayWindow;
        return SignedTime.IsWithin(window, seconds, request.ReceivedAt)
            ? new Authentication.Authentic(delivery)
            : SignedTime.Outside(TimestampHeader, window);
    }

    public WebhookReading Read(WebhookRequest request, SourceOptions source)
    {
        if (source.Pointers.Model is not null) return ReadPointers(request, source);
        var fields = JsonFields.Read(request.Body);
        var model = fields.Name("model");
        var endpoint = fields.OptionalName("endpoint");
        var promotion = new Promotion
        {
            Model = model,
            Version = fields.Name("version"),
            Marks = [Mark.OfStage(fields.Text("stage", PromotionFields.MaxName))],
            Endpoint = endpoint ?? (source.Models.ContainsKey(model) ? null : model),
            MustHaveEndpoint = true,
            Artifact = fields.Nested("artifact").Artifact(options.CurrentValue.AllowedArtifactSchemes),
            PromotedBy = fields.OptionalText("promotedBy", PromotionFields.MaxPerson),
        };
        fields.RefuseOthers();
        return fields.Problem is { } problem ? new WebhookReading.Refused(problem) : WebhookReading.Of(new EventReading.Promoted(promotion));
    }

    private static WebhookReading ReadPointers(WebhookRequest request, SourceOptions source)
    {
        var (root, problem) = EventJson.Read(request.Body);
        return problem is null ? WebhookReading.Of(PointedPromotion.Read(root, source.Pointers)) : new WebhookReading.Refused(problem);
    }
}
