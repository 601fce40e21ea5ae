using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using BlueGreen.Rollback.Sources;

namespace BlueGreen.Testing.Alarms;

/// <summary>Signs as SNS does, with a key of its own, and hands out that key for every certificate's address.</summary>
internal sealed class TestCertificates : ISnsCertificates, IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    public Task<SnsCertificate> FindAsync(Uri address, CancellationToken cancellationToken) =>
        Task.FromResult(new SnsCertificate(_key, IsFinal: true));

    /// <summary>
    /// The message, sent now, with a signature of the version that it names; as it is, when it is no message that could be signed.
    /// </summary>
    public byte[] Sign(byte[] body) => Sign(body, TimeProvider.System.GetUtcNow());

    public byte[] Sign(byte[] body, DateTimeOffset sent)
    {
        var (envelope, problem) = PayloadValue.Parse(body);
        if (problem is not null || SnsSignature.StringToSign(envelope) is null) return body;
        try
        {
            if (JsonNode.Parse(body) is not JsonObject message) return body;
            // Of a mutated message the time may be anything: that stays.
            if (envelope["Timestamp"].Time() is not null) message["Timestamp"] = sent.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            envelope = PayloadValue.Parse(Encoding.UTF8.GetBytes(message.ToJsonString())).Root;
            if (SnsSignature.StringToSign(envelope) is not { } text) return body;
            var hash = envelope["SignatureVersion"].Scalar == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256;
            lock (_key) message["Signature"] = Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(text), hash, RSASignaturePadding.Pkcs1));
            return Encoding.UTF8.GetBytes(message.ToJsonString());
        }
        catch (Exception unsuitable) when (unsuitable is System.Text.Json.JsonException or ArgumentException or InvalidOperationException)
        {
            return body;
        }
    }

    public void Dispose() => _key.Dispose();
}
