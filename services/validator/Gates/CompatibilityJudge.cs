using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Inference;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Gate <c>compatibility</c>: asks a replica of each colour for its declaration. What one writes the other must read, in both directions:
/// forward for the switch, backward for the way back.
/// </summary>
internal sealed class CompatibilityJudge(IHttpClientFactory clients, TimeProvider time, IOptions<InferenceOptions> options)
{
    public const string HttpClient = "validator-compatibility";
    private const string Unit = "faults";

    public async Task<GateResult> JudgeAsync(CompatibilityGate gate, GateSubject subject, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (subject.Command.Blue is null)
            return Nothing("a first deployment has no blue to understand") with { Verdict = Verdict.NotApplicable };
        if (subject.Blue is null) return Nothing($"blue speaks '{subject.Command.Blue.Protocol}', this build does not");
        var (green, whyNotGreen) = await AskAsync(gate, subject.Green, cancellationToken);
        var (blue, whyNotBlue) = await AskAsync(gate, subject.Blue, cancellationToken);
        if (green is null || blue is null) return Nothing(green is null ? $"green: {whyNotGreen}" : $"blue: {whyNotBlue}");
        string[] faults = [.. green.Faults("green", blue, "blue"), .. blue.Faults("blue", green, "green")];
        return new()
        {
            Gate = GateNames.Compatibility,
            Verdict = faults.Length == 0 ? Verdict.Passed : Verdict.Failed,
            Value = faults.Length,
            Threshold = 0,
            Unit = Unit,
            Samples = green.Kinds.Count,
            Duration = time.GetElapsedTime(started),
            Summary = faults.Length == 0
                ? $"blue and green each read the other's {string.Join(", ", green.Kinds.Keys.Order(StringComparer.Ordinal))}"
                : string.Join("; ", faults),
        };
    }

    /// <summary>Nothing could be compared.</summary>
    public static GateResult Nothing(string why) => Unmeasured.Of(GateNames.Compatibility, Unit, 0, why);

    private async Task<(CompatibilityDeclaration? Declaration, string? Why)> AskAsync(
        CompatibilityGate gate, Side side, CancellationToken cancellationToken)
    {
        if (side.Targets.Count == 0) return (null, "there are no replicas");
        using var timeout = new CancellationTokenSource(options.Value.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var client = clients.CreateClient(HttpClient);
            var body = await client.GetByteArrayAsync(new Uri(side.Targets[0].Address, gate.Path.TrimStart('/')), either.Token);
            return CompatibilityDeclaration.Read(body) is { } declaration ? (declaration, null) : (null, $"{gate.Path} declares nothing");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, "it did not answer in time");
        }
        catch (HttpRequestException failure)
        {
            return (null, $"{gate.Path}: {failure.Message}");
        }
    }
}
