using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using k8s;
using k8s.Exceptions;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>The way to one API server. Addresses, certificates and every kind of credential are the KubernetesClient package's business.</summary>
internal sealed class KubernetesConnection(KubernetesTarget target) : IDisposable
{
    // Made when first used: a kubeconfig or a service account that is not there is a failure of that request, and may be there at the next.
    private readonly Lazy<k8s.Kubernetes> _client = new(
        () => new k8s.Kubernetes(Configuration(target)), LazyThreadSafetyMode.PublicationOnly);

    /// <param name="method">GET or PATCH.</param>
    /// <param name="pathAndQuery">Without a leading slash.</param>
    /// <param name="content">What is sent.</param>
    /// <param name="cancellationToken">Limits the wait for the answer's headers.</param>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string pathAndQuery, HttpContent? content, CancellationToken cancellationToken)
    {
        var client = _client.Value;
        using var request = new HttpRequestMessage(method, new Uri(client.BaseUri, pathAndQuery)) { Content = content };
        request.Headers.Accept.ParseAdd("application/json");
        if (client.Credentials is { } credentials) await credentials.ProcessHttpRequestAsync(request, cancellationToken);
        return await client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated) _client.Value.Dispose();
    }

    private static KubernetesClientConfiguration Configuration(KubernetesTarget target)
    {
        var made = target switch
        {
            { Server: { } server } => new KubernetesClientConfiguration
            {
                Host = server.AbsoluteUri,
                SslCaCerts = target.CaFile is { } file ? Certificates(file) : null,
                TokenProvider = target.TokenFile is { } token ? new KubernetesTokenFile(token) : null,
            },
            { Kubeconfig: { } file } => KubernetesClientConfiguration.BuildConfigFromConfigFile(file, target.Context),
            _ => InCluster(target.ServiceAccount),
        };
        // Each request has a limit of its own; a watch is to outlive any of them.
        made.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        return made;
    }

    /// <summary>Source: kubernetes.io, "Accessing the Kubernetes API from a Pod".</summary>
    private static KubernetesClientConfiguration InCluster(string serviceAccount)
    {
        var (host, port) = (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"), Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
            throw new KubeConfigException("This is not a pod (KUBERNETES_SERVICE_HOST is not set), and neither server nor kubeconfig is configured.");
        return new KubernetesClientConfiguration
        {
            Host = new UriBuilder(Uri.UriSchemeHttps, host, int.Parse(port, CultureInfo.InvariantCulture)).Uri.AbsoluteUri,
            SslCaCerts = Certificates(Path.Combine(serviceAccount, "ca.crt")),
            TokenProvider = new KubernetesTokenFile(Path.Combine(serviceAccount, "token")),
        };
    }

    private static X509Certificate2Collection Certificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPemFile(file);
        return certificates;
    }
}
