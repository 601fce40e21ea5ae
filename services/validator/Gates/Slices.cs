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
    private readonly Dictionary<string, int> _places;

    /// <param name="pointer">JSON pointer to the slice's name.</param>
    /// <param name="payloads">All that could be sent, to both sides together.</param>
    /// <param name="fewest">Rows per side that make a slice large enough.</param>
    public Slices(string pointer, IReadOnlyList<InferencePayload> payloads, int fewest)
    {
        _pointer = pointer;
        var large = payloads.GroupBy(payload => Key(payload, pointer))
            .Where(slice => slice.Key != Rest && slice.Sum(payload => payload.Rows) >= 2 * fewest).Select(slice => slice.Key);
        Names = [.. large.Order(StringComparer.Ordinal), Rest];
        _places = Names.Select((name, place) => (name, place)).ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);
    }

    /// <summary>The slices there can be.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The request's slice, as its place among the names.</summary>
    public int Of(InferencePayload payload) => _places.GetValueOrDefault(Key(payload, _pointer), Names.Count - 1);

    private static string Key(InferencePayload payload, string pointer) => PayloadField.Find(payload.Body, pointer)?.ToString() ?? Rest;
}
