using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using BlueGreen.Platform.Webhooks;

namespace BlueGreen.Rollback.Sources;

/// <summary>
/// A value of somebody else's JSON, with its path. Reading is lenient (numbers as text, members that are not there, members of another kind)
/// and never throws, whatever is in the bytes: what must be there is refused by whoever needs it.
/// </summary>
internal readonly record struct PayloadValue
{
    private const int MaxNameShown = 64;
    private readonly JsonElement _element;
    private readonly string? _path;

    private PayloadValue(JsonElement element, string path) => (_element, _path) = (element, path);

    public string Path => string.IsNullOrEmpty(_path) ? "body" : _path;
    public bool IsObject => _element.ValueKind == JsonValueKind.Object;
    public bool IsArray => _element.ValueKind == JsonValueKind.Array;

    /// <summary>There, and not null.</summary>
    public bool Exists => _element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>The member, or a value that does not exist.</summary>
    public PayloadValue this[string name] => new(Find(name), PathOf(name));

    /// <summary>Text that is not blank, else null.</summary>
    public string? Text => _element.ValueKind == JsonValueKind.String && Decode() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>Text as it is, also when blank; null when it is something else.</summary>
    public string? Raw => _element.ValueKind == JsonValueKind.String ? Decode() : null;

    /// <summary>Text, or a number or boolean as it is written; null when blank or something else.</summary>
    public string? Scalar => _element.ValueKind switch
    {
        JsonValueKind.String => Text,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => _element.GetRawText(),
        _ => null,
    };

    public IEnumerable<PayloadValue> Items
    {
        get
        {
            if (!IsArray) yield break;
            var index = 0;
            foreach (var item in _element.EnumerateArray()) yield return new PayloadValue(item, $"{_path}[{index++}]");
        }
    }

    /// <summary>Members whose names are valid text.</summary>
    public IEnumerable<(string Name, PayloadValue Value)> Members
    {
        get
        {
            if (!IsObject) yield break;
            foreach (var member in _element.EnumerateObject())
                if (NameOf(member) is { } name) yield return (name, new PayloadValue(member.Value, PathOf(name)));
        }
    }

    /// <summary>Reads a document; a problem is 400 for what is no JSON and 422 for what is no object.</summary>
    public static (PayloadValue Root, FieldProblem? Problem) Parse(ReadOnlyMemory<byte> json, string path = "")
    {
        var field = path.Length == 0 ? "body" : path;
        if (!Utf8.IsValid(json.Span)) return (default, new(StatusCodes.Status400BadRequest, field, "This is not valid UTF-8."));
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (new PayloadValue(document.RootElement.Clone(), path), null)
                : (default, new(StatusCodes.Status422UnprocessableEntity, field, "This must be a JSON object."));
        }
        catch (JsonException malformed)
        {
            return (default, new(StatusCodes.Status400BadRequest, field, $"This is not valid JSON: {malformed.Message}"));
        }
    }

    /// <summary>The first of these members that exists.</summary>
    public PayloadValue Any(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (this[name] is { Exists: true } found) return found;
        return this[names[0]];
    }

    /// <summary>The value that an RFC 6901 pointer names, or one that does not exist.</summary>
    public PayloadValue At(string pointer)
    {
        var value = this;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            value = value.IsArray && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                ? value.Items.ElementAtOrDefault(index)
                : value[name];
        }

        return value;
    }

    /// <summary>422 for this value.</summary>
    public FieldProblem Refuse(string detail) => new(StatusCodes.Status422UnprocessableEntity, Path, detail);

    private JsonElement Find(string name)
    {
        if (!IsObject) return default;
        try
        {
            return _element.TryGetProperty(name, out var found) ? found : default;
        }
        catch (InvalidOperationException)
        {
            // Some member's name is no valid text, and looking for ours came across it.
            return Members.LastOrDefault(member => member.Name == name).Value._element;
        }
    }

    // An escape such as "\ud800" is valid JSON and no valid text: that shows only on decoding, as this exception.
    private string? Decode()
    {
        try
        {
            return _element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private string PathOf(string name)
    {
        // Names come from outside and end up in answers and logs: short, and without line breaks.
        var shown = string.Concat(name.Take(MaxNameShown).Select(character => char.IsControl(character) ? '?' : character));
        return string.IsNullOrEmpty(_path) ? shown : $"{_path}.{shown}";
    }
}
