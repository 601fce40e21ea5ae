using System.Security.Cryptography;
using System.Text;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// Checks SNS message signatures, versions 1 (SHA-1) and 2 (SHA-256): RSA, PKCS#1 v1.5, over names and values of fixed members
/// (docs.aws.amazon.com/sns, "Verifying the signatures of Amazon SNS messages"). The certificate must come from SNS itself.
/// </summary>
internal sealed class SnsSignature(ISnsCertificates certificates)
{
    private static readonly string[] OfNotification = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
    private static readonly string[] OfConfirmation = ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];

    /// <summary>Null when the signature is SNS's; 429, which SNS repeats, when its certificate cannot be had now; else a refusal.</summary>
    public async ValueTask<FieldProblem?> CheckAsync(PayloadValue envelope, CancellationToken cancellationToken)
    {
        HashAlgorithmName? hash = envelope["SignatureVersion"].Scalar switch
        {
            "1" => HashAlgorithmName.SHA1,
            "2" => HashAlgorithmName.SHA256,
            _ => null,
        };
        if (hash is not { } algorithm) return Refuse("SignatureVersion", "It must be \"1\" or \"2\".");
        if (Decode(envelope["Signature"].Text) is not { } signature) return Refuse("Signature", "It must be base64.");
        var address = envelope.Any("SigningCertURL", "SigningCertUrl");
        if (SnsAddress.ForCertificate(address.Text) is not { } url)
            return Refuse("SigningCertURL", "It must be the https address of a .pem file at sns.<region>.amazonaws.com.");
        if (StringToSign(envelope) is not { } text) return Refuse("Signature", "A member that the signature covers is missing.");

        switch (await certificates.FindAsync(url, cancellationToken))
        {
            case { Key: { } key }:
                return key.VerifyData(Encoding.UTF8.GetBytes(text), signature, algorithm, RSASignaturePadding.Pkcs1)
                    ? null
                    : Refuse("Signature", "The signature is not that of this message.");
            case { IsFinal: true }:
                return Refuse("SigningCertURL", "There is no RSA certificate at that address.");
            default:
                return new(StatusCodes.Status429TooManyRequests, "SigningCertURL", "The certificate cannot be fetched now: send the message again.");
        }
    }

    /// <summary>Null when a member is missing; the subject may be.</summary>
    public static string? StringToSign(PayloadValue envelope)
    {
        var text = new StringBuilder();
        foreach (var name in envelope["Type"].Text == "Notification" ? OfNotification : OfConfirmation)
        {
            var value = name == "SubscribeURL" ? envelope.Any(name, "SubscribeUrl") : envelope[name];
            if (value.Raw is { } raw) text.Append(name).Append('\n').Append(raw).Append('\n');
            else if (name != "Subject") return null;
        }

        return text.ToString();
    }

    private static byte[]? Decode(string? base64)
    {
        if (base64 is null) return null;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }

    private static FieldProblem Refuse(string field, string detail) => new(StatusCodes.Status401Unauthorized, field, detail);
}
