using System.Text.Json;
using BlueGreen.Contracts;
using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Http;
using BlueGreen.Platform.Inference;
using BlueGreen.Platform.Traffic;
using BlueGreen.Validator.Gates;
using Microsoft.Extensions.Options;

namespace BlueGreen.Validator.Features;

/// <summary>
/// Gates <c>features-required</c>, <c>features-null</c> and <c>features-drift</c>: do captured live requests carry what green requires, is it
/// there, and is it still like what green was made for? What green requires is what it declares and what the policy names; of a protocol
/// without such a declaration, what every request of the reference carries.
/// </summary>
internal sealed class FeatureJudge(
    ICapturedTraffic captures, IBlobs blobs, TimeProvider time, IOptions<GateOptions> options)
{
    public async Task<GateEvidence> JudgeAsync(FeatureGate gate, GateSubject subject, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        if (subject.Command.Blue is null)
        {
            return GateEvidence.Of(GateNames.Features, [.. FeatureEvidence.Nothing(gate, "before the first deployment there are no live requests")
                .Select(result => result with { Verdict = Verdict.NotApplicable })]);
        }

        var reference = new FeatureTable();
        if (gate.Reference is { } file)
        {
            var read = PayloadFile.Read(await blobs.GetAsync(file, cancellationToken), file.Name, subject.Green.Protocol);
            if (read.Error is { } unreadable) return GateEvidence.Of(GateNames.Features, FeatureEvidence.Nothing(gate, unreadable));
            foreach (var payload in read.Payloads) Add(reference, payload.Body);
        }

        var live = new FeatureTable();
        foreach (var request in await captures.ReadAsync(subject.Command.Endpoint, gate.Requests, ValidatorService.ServiceName, "features", cancellationToken))
            Add(live, System.Text.Encoding.UTF8.GetBytes(request.Body));
        var required = await RequiredAsync(gate, subject, reference, cancellationToken);
        var evidence = Measure(live, reference, required, gate);
        var results = evidence.Judge(gate).Select(result => result with { Duration = time.GetElapsedTime(started) });
        return GateEvidence.Of(GateNames.Features, [.. results]) with { Features = evidence };
    }

    private FeatureEvidence Measure(FeatureTable live, FeatureTable reference, IReadOnlyCollection<string> required, FeatureGate gate) => new()
    {
        Requests = live.Requests,
        Missing = required.ToDictionary(name => name, name => live.Requests - live.Carriers(name), StringComparer.Ordinal),
        Columns = [.. live.Names.Order(StringComparer.Ordinal).Select(name => new FeatureColumn
        {
            Name = name,
            Live = live.Values(name)!,
            Reference = reference.Values(name),
        })],
        HasReference = gate.Reference is not null,
        Fewest = options.Value.FewestScores,
    };

    private static async Task<IReadOnlyCollection<string>> RequiredAsync(
        FeatureGate gate, GateSubject subject, FeatureTable reference, CancellationToken cancellationToken)
    {
        // Only there are the names that are declared those that requests carry, whichever form a request has.
        var isNamed = subject.Green.Targets.Count > 0 && subject.Green.Protocol.Name == ProtocolNames.OpenInferenceV2;
        var declared = isNamed ? await ModelMetadataReading.OfAsync(subject.Green, cancellationToken) : null;
        IEnumerable<string> own = declared?.Metadata?.Inputs.Select(input => input.Name)
            ?? reference.Names.Where(name => reference.Carriers(name) == reference.Requests && !gate.Ignore.Contains(name));
        return [.. own.Concat(gate.Required).Distinct(StringComparer.Ordinal)];
    }

    private static void Add(FeatureTable table, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            table.Add(document.RootElement);
        }
        catch (JsonException)
        {
            // CSV and bare NaN have no names to go by: a request without features.
            table.Add(default);
        }
    }
}
