using System.Text.RegularExpressions;
using BlueGreen.Contracts;
using static BlueGreen.Orchestrator.Policies.PolicyTypes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>The policy's <c>spec.capture</c>.</summary>
internal static partial class CaptureSection
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    public static CapturePolicy Read(PolicySection capture) => new()
    {
        Rate = capture.Value("rate", Share(), 0.01, "Share of prediction requests that is kept."),
        MaxBytes = capture.Value("maxBytes", Whole(64, 262_144), 65_536, "Largest request that is kept, and largest answer with it."),
        Keep = capture.Value("keep", Whole(1, 100_000), 5000, "Most requests kept; the oldest go first."),
        Ttl = capture.Value("ttl", Duration(TimeSpan.FromMinutes(1), Month), TimeSpan.FromHours(24), "How long a request is kept."),
        Redact = [.. capture.TextList(
            "redact", Text(PointerRegex(), "a JSON Pointer such as /inputs/0/data", "/inputs/0/data"),
            "JSON Pointers (`*` is every element) into request and answer: what stands there is replaced before anything is stored.")],
    };

    [GeneratedRegex(@"^(/([^~/]|~[01])*){1,16}$", RegexOptions.ECMAScript)]
    private static partial Regex PointerRegex();
}
