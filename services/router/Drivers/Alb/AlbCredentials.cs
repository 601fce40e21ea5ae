using Amazon.Runtime;
using Amazon.Runtime.Credentials;

namespace BlueGreen.Router.Drivers.Alb;

/// <summary>Whose word a request is: the configured keys, or whoever AWS takes this process for (environment, profile, container, pod, instance).</summary>
internal static class AlbCredentials
{
    public static async Task<(string AccessKey, string SecretKey, string? SessionToken)> FindAsync(AlbSettings settings)
    {
        if (settings is { AccessKey: { } key, SecretKey: { } secret }) return (key, secret, settings.SessionToken);
        try
        {
            var found = await (await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync()).GetCredentialsAsync();
            return (found.AccessKey, found.SecretKey, found.UseToken ? found.Token : null);
        }
        catch (AmazonClientException exception)
        {
            throw new AlbFailureException($"No AWS credentials: {exception.Message}", exception);
        }
    }
}
