using System.Text.Json;
using Microsoft.Extensions.Options;

namespace BlueGreen.EnvManager.Artifacts;

/// <summary>Access tokens for Google Cloud Storage: the configured one, or the metadata server's, kept until shortly before it expires.</summary>
internal sealed class GcsTokens(IHttpClientFactory clients, IOptions<GcsOptions> options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(2);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private (string Token, DateTimeOffset Until)? _kept;

    /// <summary>Null when none is configured. Throws <see cref="HttpRequestException"/> when none can be had.</summary>
    public async Task<string?> GetAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Token is { Length: > 0 } fixedToken) return fixedToken;
        if (options.Value.TokenUrl is not { } address) return null;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_kept is not { } kept || kept.Until - Margin <= time.GetUtcNow()) kept = await AskAsync(address, cancellationToken);
            _kept = kept;
            return kept.Token;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<(string Token, DateTimeOffset Until)> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Add("Metadata-Flavor", "Google");
        using var response = await clients.CreateClient(HttpArtifactSource.ClientName).SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{HttpDownload.Shown(address)} answered {(int)response.StatusCode}");
        try
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var root = answer.RootElement;
            return (root.GetProperty("access_token").GetString()!, time.GetUtcNow() + TimeSpan.FromSeconds(root.GetProperty("expires_in").GetDouble()));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new HttpRequestException($"{HttpDownload.Shown(address)} answered no access token", exception);
        }
    }
}
