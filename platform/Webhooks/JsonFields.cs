using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace BlueGreen.Platform.Webhooks;

/// <summary>
/// One JSON object, read strictly member by member. The first thing that is wrong is kept as <see cref="Problem"/>, with its path, and
/// everything read after that is a placeholder: read all members, then look at the problem once. Nothing that is in the bytes throws.
/// </summary>
public sealed class JsonFields
{
    private const int MaxDepth = 32;
    private const int MaxNameShown = 64;
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly string _path;
    private readonly FirstProblem _first;

    private JsonFields(string path, FirstProblem first, JsonElement? element)
    {
        _path = path;
        _first = first;
        if (element is { } value) ReadMembers(value);
    }

    /// <summary>The first problem of the whole document; null as long as all is well.</summary>
    public FieldProblem? Problem => _first.Value;

    /// <summary>Reads the document; malformed JSON (400) and a root that is no object (422) show as <see cref="Problem"/>.</summary>
    public static JsonFields Read(ReadOnlyMemory<byte> json)
    {
        var first = new FirstProblem();
        if (!Utf8.IsValid(json.Span))
        {
            first.Value = new(StatusCodes.Status400BadRequest, "body", "The body is not valid UTF-8.");
            return new JsonFields("", first, null);
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return new JsonFields("", first, document.RootElement.Clone());
        }
        catch (JsonException malformed)
        {
            first.Value = new(StatusCodes.Status400BadRequest, "body", $"The body is not valid JSON: {malformed.Message}");
            return new JsonFields("", first, null);
        }
    }

    /// <summary>A required string: not blank, no control characters, at most <paramref name="maxLength"/> UTF-16 units.</summary>
    public string Text(string name, int maxLength) => Require(name) is { } value ? CheckedText(name, value, maxLength) : "";

    /// <summary>As <see cref="Text"/>, but may be absent or null.</summary>
    public string? OptionalText(string name, int maxLength) => Find(name) is { } value ? CheckedText(name, value, maxLength) : null;

    /// <summary>A string of any content and length, or null when absent, null, or not text at all: for what is only shown.</summary>
    public string? LooseText(string name) => Find(name) is { ValueKind: JsonValueKind.String } value && TryText(value, out var text) ? text : null;

    /// <summary>A required object.</summary>
    public JsonFields Nested(string name) =>
        new(PathOf(name), _first, Require(name) is { } value && IsKind(name, value, JsonValueKind.Object, "an object") ? value : null);

    /// <summary>An object, or null when absent, null or something else.</summary>
    public JsonFields? LooseObject(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Object } value ? new JsonFields(PathOf(name), new FirstProblem(), value) : null;

    /// <summary>A required array of objects.</summary>
    public IReadOnlyList<JsonFields> Items(string name)
    {
        if (Require(name) is not { } value || !IsKind(name, value, JsonValueKind.Array, "an array")) return [];
        return [.. value.EnumerateArray().Select((item, index) => new JsonFields($"{PathOf(name)}[{index}]", _first, item))];
    }

    /// <summary>An object whose members are all strings, or an empty one when absent or null.</summary>
    public IReadOnlyDictionary<string, string> Texts(string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Find(name) is not { } value || !IsKind(name, value, JsonValueKind.Object, "an object of strings")) return texts;
        var fields = new JsonFields(PathOf(name), _first, value);
        foreach (var (key, member) in fields._members)
        {
            if (member.ValueKind == JsonValueKind.String && TryText(member, out var text)) texts[key] = text;
            else fields.Refuse(key, "It must be a string.");
        }

        return texts;
    }

    /// <summary>An ISO 8601 time, or null when absent, null or in the year 1, which Go's zero time means.</summary>
    public DateTimeOffset? OptionalTime(string name)
    {
        if (Find(name) is not { } value || !IsKind(name, value, JsonValueKind.String, "an ISO 8601 time")) return null;
        var text = TryText(value, out var found) ? found : "";
        if (text.StartsWith("0001-01-01", StringComparison.Ordinal)) return null;
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return time.ToUniversalTime();
        Refuse(name, "It must be an ISO 8601 time such as 2026-01-31T12:00:00Z.");
        return null;
    }

    /// <summary>A number as a double, or null when absent, null or no number.</summary>
    public double? LooseNumber(string name) =>
        Find(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) ? number : null;

    /// <summary>Refuses every member that was not asked for: a misspelt field must not be silently without effect.</summary>
    public void RefuseOthers()
    {
        foreach (var name in _members.Keys.Where(name => !_known.Contains(name)))
            Refuse(name, $"Unknown field. Known here: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
    }

    /// <summary>Records a problem with a member, 422 unless told otherwise; a no-op when there already is one.</summary>
    public void Refuse(string name, string detail, int status = StatusCodes.Status422UnprocessableEntity) =>
        _first.Value ??= new(status, PathOf(name), detail);

    private void ReadMembers(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            _first.Value ??= new(StatusCodes.Status422UnprocessableEntity, _path.Length == 0 ? "body" : _path, "It must be a JSON object.");
            return;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (!TryName(member, out var name)) Refuse("?", "A field's name is not valid Unicode.");
            else if (!_members.TryAdd(name, member.Value)) Refuse(name, "The field appears twice.");
        }
    }

    private JsonElement? Require(string name)
    {
        var value = Find(name);
        if (value is null) Refuse(name, "The field is required.");
        return value;
    }

    private JsonElement? Find(string name)
    {
        _known.Add(name);
        return _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    private bool IsKind(string name, JsonElement value, JsonValueKind kind, string expected)
    {
        if (value.ValueKind == kind) return true;
        Refuse(name, $"It must be {expected}.");
        return false;
    }

    private string CheckedText(string name, JsonElement value, int maxLength)
    {
        if (!IsKind(name, value, JsonValueKind.String, "a string")) return "";
        if (!TryText(value, out var text)) Refuse(name, "It is not valid Unicode.");
        else if (string.IsNullOrWhiteSpace(text)) Refuse(name, "It must not be empty.");
        else if (text.Length > maxLength) Refuse(name, $"It is longer than {maxLength} characters.");
        else if (text.Any(char.IsControl)) Refuse(name, "It must not contain control characters.");
        else return text;
        return "";
    }

    // An escape such as "\ud800" is valid JSON and no valid text: that shows only on decoding, as this exception.
    private static bool TryText(JsonElement value, out string text) => TryDecode(() => value.GetString()!, out text);

    private static bool TryName(JsonProperty member, out string name) => TryDecode(() => member.Name, out name);

    private static bool TryDecode(Func<string> decode, out string text)
    {
        try
        {
            text = decode();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private string PathOf(string name)
    {
        // Names come from outside and end up in answers and logs: short, and without line breaks.
        var shown = string.Concat(name.Take(MaxNameShown).Select(character => char.IsControl(character) ? '?' : character));
        return _path.Length == 0 ? shown : $"{_path}.{shown}";
    }

    private sealed class FirstProblem
    {
        public FieldProblem? Value { get; set; }
    }
}
