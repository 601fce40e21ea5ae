using System.Net;

namespace BlueGreen.Router.Drivers.Kubernetes.Api;

/// <summary>The API server said no, or something that makes no sense.</summary>
internal sealed class KubernetesFailureException(HttpStatusCode? status, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Null: there was no answer.</summary>
    public HttpStatusCode? Status => status;
}
