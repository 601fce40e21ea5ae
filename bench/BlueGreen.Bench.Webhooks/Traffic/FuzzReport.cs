namespace BlueGreen.Bench.Webhooks.Traffic;

/// <summary>What became of the webhooks that were played.</summary>
internal sealed class FuzzReport
{
    private const int KeptFailures = 20;

    public long Payloads { get; private set; }
    public long UnhandledExceptions { get; private set; }
    public long ServerErrors { get; private set; }
    public long ForgedAccepted { get; private set; }
    public long Forged { get; private set; }
    public SortedDictionary<int, long> Statuses { get; } = [];

    /// <summary>The first of what must not be, with the number that plays it again.</summary>
    public List<string> Failures { get; } = [];

    public void Count(SentWebhook webhook, int status, bool isForged, int number)
    {
        Payloads++;
        Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
        if (isForged) Forged++;
        if (status >= 500)
        {
            ServerErrors++;
            Keep($"#{number} of {webhook.Source} was answered {status}");
        }

        if (!isForged || status >= 400) return;
        ForgedAccepted++;
        Keep($"#{number} of {webhook.Source} was forged and answered {status}");
    }

    public void Unhandled(SentWebhook webhook, Exception exception, int number)
    {
        Payloads++;
        UnhandledExceptions++;
        Keep($"#{number} of {webhook.Source}: {exception}");
    }

    private void Keep(string failure)
    {
        if (Failures.Count < KeptFailures) Failures.Add(failure);
    }
}
