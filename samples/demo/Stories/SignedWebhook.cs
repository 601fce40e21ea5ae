using System.Net;
using System.Text.Json;
using BlueGreen.Demo.Hosting;

namespace BlueGreen.Demo.Stories;

/// <summary>Promotes as a model registry does: a signed POST to <c>/webhooks/generic</c>, repeated until it is stored.</summary>
internal sealed class SignedWebhook(HttpClient http, Uri control, string secret, TimeProvider time)
{
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(50);

    /// <returns>The deployment that it started.</returns>
    /// <exception cref="DemoException">Refused; the message holds the answer.</exception>
    public async Task<Guid> PromoteAsync(ModelRelease release, string artifact, CancellationToken ct)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new PromotionBody(
                release.Name, release.Version, DemoPolicy.Stage, DemoPolicy.Endpoint,
                new PromotionBodyArtifact(new Uri(artifact).AbsoluteUri, release.Sha256), "demo"),
            StoriesJson.Default.PromotionBody);
        var delivery = Guid.NewGuid().ToString();
        var begin = time.GetTimestamp();
        while (true)
        {
            var (status, answer) = await PostAsync(delivery, body, ct);
            if (status == HttpStatusCode.Accepted) return answer.GetProperty("deploymentId").GetGuid();
            if (!MayRepeat(status, answer) || time.GetElapsedTime(begin) > GiveUpAfter)
            {
                throw new DemoException($"The promotion of {release.Version} was refused ({(int)status}): {answer}");
            }

            await Task.Delay(RetryDelay, time, ct);
        }
    }

    // The listener hears of a new endpoint by message, a moment after its policy was stored.
    private static bool MayRepeat(HttpStatusCode status, JsonElement answer) =>
        status >= HttpStatusCode.InternalServerError
        || (status == HttpStatusCode.UnprocessableEntity && answer.TryGetProperty("field", out var field) && field.GetString() == "endpoint");

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string delivery, byte[] body, CancellationToken ct)
    {
        using var request = SignedRequest.Of(control, delivery, body, secret, time);
        using var response = await http.SendAsync(request, ct);
        return (response.StatusCode, JsonElement.Parse(await response.Content.ReadAsByteArrayAsync(ct)));
    }
}
