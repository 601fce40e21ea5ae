using System.Globalization;
using System.Net.Http.Headers;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Testing.Alarms;

/// <summary>Presents itself to the alarm endpoint as each source does.</summary>
internal sealed class AlarmSender(TestCertificates certificates)
{
    public const string Token = "a token for tests only";
    public const string Secret = "a secret for tests only";
    public const string Topic = "arn:aws:sns:eu-west-1:111122223333:alarms";

    /// <summary>Configuration that enables every source.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings
    {
        get
        {
            const string Prefix = "BlueGreen:Rollback:Sources";
            string[] withToken = ["generic", "alertmanager", "eventbridge", "datadog", "opsgenie", "newrelic", "azuremonitor", "gcp"];
            foreach (var source in withToken) yield return new($"{Prefix}:{source}:Token", Token);
            foreach (var source in (string[])["grafana", "pagerduty"]) yield return new($"{Prefix}:{source}:Secret", Secret);
            yield return new($"{Prefix}:sns:TopicArns:0", Topic);
        }
    }

    /// <summary>The request that carries this body with valid credentials, or with none of them right.</summary>
    public HttpRequestMessage Request(string source, byte[] body, bool isForged = false)
    {
        if (source == "sns" && !isForged) body = certificates.Sign(body);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"alarms/{source}", UriKind.Relative))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(source == "sns" ? "text/plain" : "application/json") } },
        };
        var signature = Convert.ToHexStringLower(WebhookSignature.Compute(isForged ? "another secret altogether" : Secret, "", body));
        switch (source)
        {
            case "grafana":
                request.Headers.Add("X-Grafana-Alerting-Signature", signature);
                break;
            case "pagerduty":
                request.Headers.Add("X-PagerDuty-Signature", $"v1={new string('0', 64)}, v1={signature}");
                break;
            case "sns":
                request.Headers.Add("x-amz-sns-message-id", DateTimeOffset.UnixEpoch.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", isForged ? $"{Token}." : Token);
                break;
        }

        return request;
    }
}
