using BlueGreen.Judging.Evidence;
using BlueGreen.Platform.Load;

namespace BlueGreen.Validator.Gates;

/// <summary>What loads and tallies saw, as evidence.</summary>
internal static class LoadEvidence
{
    public static LatencyEvidence Of(GreenLoadResult under)
    {
        var values = new List<long>();
        var counts = new List<long>();
        foreach (var step in under.Load.Microseconds.RecordedValues())
        {
            values.Add(step.ValueIteratedTo);
            counts.Add(step.CountAtValueIteratedTo);
        }

        return new()
        {
            Microseconds = values,
            Counts = counts,
            Requests = under.Load.Requests,
            Failed = under.Load.Failed,
            Load = under.Rate,
            Duration = under.Load.Duration,
        };
    }

    public static ErrorRateEvidence Of(RequestTally tally)
    {
        var (requests, failed, withNulls, example) = tally.Read();
        return new() { Requests = requests, Failed = failed, WithNulls = withNulls, Example = example };
    }
}
