using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.validation</c>: what the gates send, and how much of it.</summary>
internal static class ValidationSection
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static ValidationSettings Read(PolicySection validation, WarmupPolicy warmup)
    {
        var (file, captured) = validation.Payloads(
            "payloads", "Requests that the gates send, one inference request per line. Default: `warmup.payloads`.");
        var isOwn = file is not null || captured;
        return new(isOwn ? file : warmup.Payloads, isOwn ? captured : warmup.Captured, ReadLoad(validation));
    }

    private static LoadPolicy ReadLoad(PolicySection validation) =>
        validation.Section("load", "The load under which green is measured.", section => new LoadPolicy
        {
            Factor = section.Value("factor", Number(0.1, 10), 1.2, "Times the busiest ten seconds of the endpoint's last week."),
            Rate = section.Optional("rate", Number(0.1, 100_000), "Requests per second, over all replicas, where nothing was observed yet."),
            Duration = section.Value(
                "duration", Duration(TimeSpan.Zero, Longest), TimeSpan.FromSeconds(5), "How long the load lasts at least, where a peak was observed."),
        });
}

/// <param name="Payloads">What the gates send; null: a request built from the model's metadata.</param>
/// <param name="Captured">True: live requests that the router kept.</param>
/// <param name="Load">How much of it.</param>
internal sealed record ValidationSettings(BlobReference? Payloads, bool Captured, LoadPolicy Load);
