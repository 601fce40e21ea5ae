using System.Net.Http.Headers;
using k8s.Authentication;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>A bearer token in a file that others renew: read for every request, so that one that was replaced is not used once more.</summary>
internal sealed class KubernetesTokenFile(string path) : ITokenProvider
{
    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken) =>
        new("Bearer", (await File.ReadAllTextAsync(path, cancellationToken)).Trim());
}
