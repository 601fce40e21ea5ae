namespace BlueGreen.Rollback.Sources;

/// <summary>Confirms subscriptions at addresses that were checked.</summary>
internal interface ISubscriptionConfirmations
{
    /// <summary>False when it could not be done now.</summary>
    Task<bool> TryConfirmAsync(Uri address, CancellationToken cancellationToken);
}

/// <summary>By a GET, as SNS wants it.</summary>
internal sealed class SubscriptionConfirmations(IHttpClientFactory clients, ILogger<SubscriptionConfirmations> log) : ISubscriptionConfirmations
{
    public async Task<bool> TryConfirmAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var client = clients.CreateClient(SnsCertificates.ClientName);
            using var response = await client.GetAsync(address, cancellationToken);
            log.SubscriptionAnswered(address.Host, (int)response.StatusCode);
            return response.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException
            || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            log.SubscriptionNotConfirmed(address.Host, failure.Message);
            return false;
        }
    }
}
