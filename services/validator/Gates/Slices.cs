using BlueGreen.Judging.Statistics;
using BlueGreen.Platform.Inference;

namespace BlueGreen.Validator.Gates;

/// <summary>
/// Which slice of the requests a request belongs to. The slices are fixed before the first look, so that the number of comparisons that
/// share the error is; small ones, and requests that name none, are one slice together.
/// </summary>
internal sealed class Slices
{
    private const string Rest = "others";
    private readonly string _pointer;
    private readonly HashSet<string> _large;

    /// <param name="pointer">JSON pointer to the slice's name.</param>
    /// <param name="payloads">All that could be sent, to both sides together.</param>
    /// <param name="fewest">Rows per side that make a slice large enough.</param>
    public Slices(string pointer, IReadOnlyList<InferencePayload> payloads, int fewest)
    {
        _pointer = pointer;
        _large = [.. payloads.GroupBy(payload => Key(payload, pointer))
            .Where(slice => slice.Key != Rest && slice.Sum(payload => payload.Rows) >= 2 * fewest).Select(slice => slice.Key)];
    }

    /// <summary>How many slices there can be.</summary>
    public int Count => _large.Count + 1;

    /// <summary>The sample's scores by slice.</summary>
    public IReadOnlyDictionary<string, SortedSample> Split(ScoreSample sample) => sample.Answers
        .GroupBy(answer => Key(answer.Payload, _pointer) is var key && _large.Contains(key) ? key : Rest)
        .ToDictionary(slice => slice.Key, slice => SortedSample.Of([.. slice.SelectMany(answer => answer.Reply.Scores).OfType<double>()]));

    private static string Key(InferencePayload payload, string pointer) => PayloadField.Find(payload.Body, pointer)?.ToString() ?? Rest;
}
