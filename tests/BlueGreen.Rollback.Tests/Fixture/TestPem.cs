using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BlueGreen.Rollback.Tests.Fixture;

/// <summary>A certificate that nobody else has.</summary>
internal static class TestPem
{
    public static string Create()
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=sns.amazonaws.com", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportCertificatePem();
    }
}
