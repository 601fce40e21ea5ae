namespace BlueGreen.Demo.Hosting;

/// <summary>Asks a platform process whether it is ready.</summary>
internal static class ReadyProbe
{
    /// <returns>False while it does not listen, does not answer in time or says that it is not ready.</returns>
    public static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken ct)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative), ct);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception notYet) when (notYet is HttpRequestException or TaskCanceledException && !ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
