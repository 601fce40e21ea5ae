using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using BlueGreen.Demo.Load;

namespace BlueGreen.Demo.Stories;

/// <summary>
/// A small alerting system: one rule over what the client saw in its last second, one notification to <c>/alarms/alertmanager</c> when
/// it holds, repeated as Alertmanager repeats it (5xx and lost connections, never 4xx).
/// </summary>
internal sealed class NullScoreAlarm(HttpClient http, Uri control, string token, LiveWindow window, RunClock clock, RequestLog log)
{
    /// <summary>The rule: more than this share of a model version's answers of the last second had a null score.</summary>
    public const double Threshold = 0.05;
    private const int FewestAnswers = 20;
    private static readonly TimeSpan EvaluationInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>True from the moment the notification is being sent: traffic may be back before it has been answered.</summary>
    public bool HasFired { get; private set; }

    /// <summary>Watches until the rule has fired and the platform has taken the alarm.</summary>
    /// <returns>What the rule saw.</returns>
    public async Task<string> WatchAsync(Story story, CancellationToken ct)
    {
        var figures = window.Read();
        while (figures.Answered < FewestAnswers || figures.NullScores <= Threshold * figures.Answered)
        {
            await Task.Delay(EvaluationInterval, clock.Time, ct);
            figures = window.Read();
        }

        var observed = string.Create(CultureInfo.InvariantCulture,
            $"{figures.NullScores} null scores in {figures.Answered} answers of version {figures.Version} within a second, more than {100 * Threshold:0}%");
        var body = JsonSerializer.SerializeToUtf8Bytes(Notification(observed), StoriesJson.Default.AlertmanagerBody);
        HasFired = true;
        log.Mark(new Mark(clock.Now, Mark.Alarm, story.Name, [story.Release.Version]));
        while (!await TryPostAsync(body, ct)) await Task.Delay(EvaluationInterval, clock.Time, ct);
        return observed;
    }

    private async Task<bool> TryPostAsync(byte[] body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(control, "alarms/alertmanager"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        try
        {
            using var response = await http.SendAsync(request, ct);
            if ((int)response.StatusCode is >= 400 and < 500)
            {
                throw new DemoException($"The alarm was refused ({(int)response.StatusCode}): {await response.Content.ReadAsStringAsync(ct)}");
            }

            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private AlertmanagerBody Notification(string observed)
    {
        var labels = new Dictionary<string, string>
        {
            ["alertname"] = "NullScores",
            ["endpoint"] = DemoPolicy.Endpoint,
            ["severity"] = "critical",
        };
        var annotations = new Dictionary<string, string> { ["summary"] = observed };
        var alert = new AlertBody(
            "firing", labels, annotations, clock.Time.GetUtcNow(), "0001-01-01T00:00:00Z", "http://127.0.0.1/rules/NullScores", "5f3b0a1c9d2e4f60");
        return new AlertmanagerBody(
            "4", "{}:{alertname=\"NullScores\"}", 0, "firing", "bluegreen", new() { ["alertname"] = "NullScores" }, labels, annotations,
            "http://127.0.0.1/alertmanager", [alert]);
    }
}
