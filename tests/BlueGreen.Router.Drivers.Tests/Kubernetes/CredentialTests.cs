using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using BlueGreen.Router.Drivers.Kubernetes.Api;
using BlueGreen.Router.Tests.Support;

namespace BlueGreen.Router.Drivers.Tests.Kubernetes;

/// <summary>How the routers say who they are, and make sure of whom they talk to.</summary>
public sealed class CredentialTests : IAsyncDisposable
{
    private static readonly KubernetesResource Services = KubernetesResource.Services(FakeCluster.Namespace);
    private readonly TemporaryDirectory _folder = new();
    private readonly KubernetesClients _clients = new(TimeProvider.System);
    private FakeCluster? _cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ServiceAccount_ItsTokenIsRenewed_TheNextRequestBringsTheNewOne()
    {
        var api = _clients.Of(await PodAsync(Certificate()));
        Assert.NotNull(await api.FindAsync(Services, "fraud", Token));

        _cluster!.Accepted = "renewed";
        var refused = await Assert.ThrowsAsync<KubernetesFailureException>(() => api.FindAsync(Services, "fraud", Token));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        await WriteAsync("token", "renewed\n");

        Assert.NotNull(await api.FindAsync(Services, "fraud", Token));
    }

    [Fact]
    public async Task ServiceAccount_TheServerIsOfAnotherAuthority_IsNotToldTheToken()
    {
        var target = await PodAsync(Certificate(), authority: Certificate());

        await Assert.ThrowsAsync<KubernetesFailureException>(() => _clients.Of(target).FindAsync(Services, "fraud", Token));
        Assert.Empty(_cluster!.Requests);
    }

    [Theory]
    [InlineData("token: token-of-the-router")]
    [InlineData("exec: { apiVersion: client.authentication.k8s.io/v1, command: {folder}/credential, interactiveMode: Never }")]
    public async Task Kubeconfig_OfTheNamedContext_IsUsed(string user)
    {
        var target = await KubeconfigAsync(user.Replace("{folder}", _folder.Path, StringComparison.Ordinal));
        await ProgramAsync();

        Assert.NotNull(await _clients.Of(target).FindAsync(Services, "fraud", Token));
        await Assert.ThrowsAsync<KubernetesFailureException>(() => _clients.Of(target with { Context = "nobody" }).FindAsync(Services, "fraud", Token));
        var refused = await Assert.ThrowsAsync<KubernetesFailureException>(() => _clients.Of(target with { Context = "guest" }).FindAsync(Services, "fraud", Token));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
    }

    [Fact]
    public async Task Kubeconfig_WithAClientCertificate_IsUsed()
    {
        using var client = Certificate();
        var target = await KubeconfigAsync(
            $"client-certificate-data: {Base64(client.ExportCertificatePem())}, client-key-data: {Base64(client.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem())}");
        _cluster!.Accepted = null;
        _cluster.AcceptedCertificate = client.Thumbprint;

        Assert.NotNull(await _clients.Of(target).FindAsync(Services, "fraud", Token));
    }

    [Fact]
    public async Task Kubeconfig_NotThereYet_IsAFailure_AndUsedOnceItIs()
    {
        var api = _clients.Of(new KubernetesTarget { Kubeconfig = Path.Combine(_folder.Path, "config"), Context = "platform" });
        await Assert.ThrowsAsync<KubernetesFailureException>(() => api.FindAsync(Services, "fraud", Token));

        await KubeconfigAsync($"token: {FakeCluster.Token}");

        Assert.NotNull(await api.FindAsync(Services, "fraud", Token));
    }

    public async ValueTask DisposeAsync()
    {
        _clients.Dispose();
        if (_cluster is not null) await _cluster.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>What a pod finds in its environment and on its disk.</summary>
    private async Task<KubernetesTarget> PodAsync(X509Certificate2 server, X509Certificate2? authority = null)
    {
        await StartAsync(server);
        Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_HOST", _cluster!.Url.Host);
        Environment.SetEnvironmentVariable("KUBERNETES_SERVICE_PORT", $"{_cluster.Url.Port}");
        await WriteAsync("token", FakeCluster.Token);
        await WriteAsync("ca.crt", (authority ?? server).ExportCertificatePem());
        return new KubernetesTarget { ServiceAccount = _folder.Path };
    }

    private async Task<KubernetesTarget> KubeconfigAsync(string user)
    {
        var server = Certificate();
        await StartAsync(server);
        await WriteAsync("config", $$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: prod
              cluster: { server: "{{_cluster!.Url}}", certificate-authority-data: {{Base64(server.ExportCertificatePem())}} }
            users:
            - name: router
              user: { {{user}} }
            - name: stranger
              user: { token: unknown }
            contexts:
            - name: platform
              context: { cluster: prod, user: router }
            - name: guest
              context: { cluster: prod, user: stranger }
            current-context: guest

            """);
        return new KubernetesTarget { Kubeconfig = Path.Combine(_folder.Path, "config"), Context = "platform" };
    }

    private async Task StartAsync(X509Certificate2 certificate)
    {
        _cluster = await FakeCluster.StartAsync(certificate);
        _cluster.Store.Put("services", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "fraud" }, ["spec"] = new JsonObject() });
    }

    /// <summary>What clouds' command lines do when a kubeconfig names them.</summary>
    private async Task ProgramAsync()
    {
        await WriteAsync("credential", $$$"""
            #!/bin/sh
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"{{{FakeCluster.Token}}}"}}'

            """);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(Path.Combine(_folder.Path, "credential"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private Task WriteAsync(string file, string text) => File.WriteAllTextAsync(Path.Combine(_folder.Path, file), text, Token);

    private static string Base64(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    /// <summary>Its own authority, for 127.0.0.1.</summary>
    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN=test-{Guid.NewGuid():N}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
