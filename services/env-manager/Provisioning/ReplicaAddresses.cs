using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Provisioning;

/// <summary>Where replicas are reached.</summary>
internal sealed class ReplicaAddresses(IOptions<EnvManagerOptions> options)
{
    public Uri Of(int port) => new UriBuilder(Uri.UriSchemeHttp, options.Value.AdvertisedHost, port).Uri;
}
