using System.Globalization;
using System.Text.Json;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.RegistryListener.Sources;

/// <summary>
/// A value in a document that somebody else designed: names in any case, the last of several members of one name, numbers where text is
/// expected and the other way round. What is not there is <see cref="IsMissing"/>, all the way down; nothing in the bytes throws.
/// </summary>
internal readonly struct EventJson
{
    private const int MaxDepth = 64;
    private readonly JsonElement? _element;

    private EventJson(JsonElement? element) => _element = element is { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } ? null : element;

    public bool IsMissing => _element is null;
    public bool IsObject => _element is { ValueKind: JsonValueKind.Object };
    public bool IsArray => _element is { ValueKind: JsonValueKind.Array };

    /// <summary>The document, or the problem with it (400).</summary>
    public static (EventJson Root, FieldProblem? Problem) Read(ReadOnlyMemory<byte> json)
    {
        if (!System.Text.Unicode.Utf8.IsValid(json.Span)) return (default, Malformed("The body is not valid UTF-8."));
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(json), new JsonDocumentOptions { MaxDepth = MaxDepth });
            return (new EventJson(document.RootElement.Clone()), null);
        }
        catch (JsonException malformed)
        {
            return (default, Malformed($"The body is not valid JSON: {malformed.Message}"));
        }
    }

    /// <summary>The member of that name in any case; of several the last. Exact spelling goes before any other.</summary>
    public EventJson this[string name]
    {
        get
        {
            if (!IsObject) return default;
            if (_element!.Value.TryGetProperty(name, out var exact)) return new EventJson(exact);
            EventJson found = default;
            foreach (var (key, value) in Members)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) found = value;
            }

            return found;
        }
    }

    public IEnumerable<EventJson> Items =>
        IsArray ? _element!.Value.EnumerateArray().Select(item => new EventJson(item)) : [];

    /// <summary>Members whose names are text; escapes such as <c>\ud800</c> are valid JSON and no text.</summary>
    public IEnumerable<(string Name, EventJson Value)> Members
    {
        get
        {
            if (!IsObject) yield break;
            foreach (var member in _element!.Value.EnumerateObject())
            {
                if (Decoded(() => member.Name) is { } name) yield return (name, new EventJson(member.Value));
            }
        }
    }

    /// <summary>Text, a number or a truth value as text; null when blank, absent, of another kind or with control characters in it.</summary>
    public string? Text
    {
        get
        {
            var text = _element switch
            {
                { ValueKind: JsonValueKind.String } value => Decoded(() => value.GetString()!),
                { ValueKind: JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False } value => value.GetRawText(),
                _ => null,
            };
            return string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl) ? null : text;
        }
    }

    /// <summary>Text as it is, of any content; null when it is not text.</summary>
    public string? RawText => _element is { ValueKind: JsonValueKind.String } value ? Decoded(() => value.GetString()!) : null;

    /// <summary>ISO 8601, or seconds or milliseconds since 1970 as number or text; null for anything else.</summary>
    public DateTimeOffset? Time
    {
        get
        {
            if (Text is not { } text) return null;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)) return SinceEpoch(number);
            const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
            return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Style, out var time) ? time : null;
        }
    }

    /// <summary>What an RFC 6901 pointer leads to, e.g. <c>/data/model/name</c>; names in any case.</summary>
    public EventJson At(string pointer)
    {
        var here = this;
        foreach (var step in pointer.Split('/').Skip(1))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            here = here.IsArray && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? here.Items.ElementAtOrDefault(index)
                : here[name];
        }

        return here;
    }

    private static DateTimeOffset? SinceEpoch(double number)
    {
        const double FirstInMilliseconds = 1e11;
        const double LastSecond = 253402300799;
        var seconds = number >= FirstInMilliseconds ? number / 1000 : number;
        return seconds is > 0 and < LastSecond ? DateTimeOffset.UnixEpoch.AddSeconds(seconds) : null;
    }

    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> json) =>
        json.Span.StartsWith(System.Text.Encoding.UTF8.Preamble) ? json[System.Text.Encoding.UTF8.Preamble.Length..] : json;

    private static string? Decoded(Func<string> decode)
    {
        try
        {
            return decode();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static FieldProblem Malformed(string detail) => new(StatusCodes.Status400BadRequest, "body", detail);
}
