using System.Text.Json.Nodes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>
/// A mapping of the policy while it is read. Each field is declared once, by the call that reads it: the same call checks it,
/// fills in its default, makes its name known and describes it in the schema.
/// </summary>
internal sealed partial class PolicySection
{
    private static readonly MapNode Nothing = new([], 1, 1);
    private readonly PolicyReading _reading;
    private readonly MapNode _map;
    private readonly string _path;
    private readonly HashSet<string> _unsound = new(StringComparer.Ordinal);
    private readonly JsonObject _fields = [];
    private readonly JsonArray _required = [];
    private bool _exactlyOne;

    private PolicySection(PolicyReading reading, string path, MapNode map) => (_reading, _path, _map) = (reading, path, map);

    /// <summary>JSON Schema of the fields declared so far.</summary>
    public JsonObject Schema
    {
        get
        {
            var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false };
            if (_required.Count > 0) schema["required"] = _required.DeepClone();
            if (_exactlyOne) (schema["minProperties"], schema["maxProperties"]) = (1, 1);
            schema["properties"] = _fields.DeepClone();
            return schema;
        }
    }

    /// <summary>Reads the whole policy.</summary>
    public static T ReadRoot<T>(PolicyReading reading, PolicyNode root, Func<PolicySection, T> read)
    {
        var section = Open(reading, "", root);
        return section.Finish(read);
    }

    /// <summary>Describes without reading anything.</summary>
    public static JsonObject Describe<T>(Func<PolicySection, T> read)
    {
        var section = new PolicySection(PolicyReading.Silent, "", Nothing);
        read(section);
        return section.Schema;
    }

    /// <summary>False when the field was read and refused: what it says is not known.</summary>
    public bool IsSound(string name) => !_unsound.Contains(name);

    public bool Has(string name) => _map.Find(name) is not null;

    /// <summary>A field that every policy must have.</summary>
    public T Required<T>(string name, PolicyType<T> type, string description)
    {
        Declare(name, type.Schema(), description, required: true);
        if (_map.Find(name) is { } entry) return Read(entry, type, type.Example);
        Missing(name);
        return type.Example;
    }

    /// <summary>A field with a default; <paramref name="says"/> replaces it in the schema where it depends on other fields.</summary>
    public T Value<T>(string name, PolicyType<T> type, T fallback, string description, string? says = null)
    {
        var schema = type.Schema();
        if (says is null) schema["default"] = type.Write(fallback);
        Declare(name, schema, says is null ? description : $"{description} Default: {says}.");
        return _map.Find(name) is { } entry ? Read(entry, type, fallback) : fallback;
    }

    /// <summary>A field that may be left out, and then there is none.</summary>
    public T? Optional<T>(string name, PolicyType<T> type, string description) where T : struct
    {
        Declare(name, type.Schema(), $"{description} Default: none.");
        return _map.Find(name) is { } entry ? Read(entry, type, type.Example) : null;
    }

    /// <summary>A text that may be left out, and then there is none.</summary>
    public string? OptionalText(string name, PolicyType<string> type, string description)
    {
        Declare(name, type.Schema(), description);
        return _map.Find(name) is { } entry ? Read(entry, type, type.Example) : null;
    }

    /// <summary>A field that later versions will have: known, so that the message can say so, and refused.</summary>
    public void NotYet(string name, string description)
    {
        Declare(name, new JsonObject { ["not"] = new JsonObject() }, $"{description} Not supported yet by this version.");
        if (_map.Find(name) is { } entry) Refuse(name, entry.Line, entry.Column, "This is not supported yet by this version: remove it.");
    }

    /// <summary>A rule between fields, judged only when all of them could be read. The error stands at the first one.</summary>
    public void Rule(bool holds, string message, params ReadOnlySpan<string> names)
    {
        if (holds) return;
        foreach (var name in names)
            if (_unsound.Contains(name)) return;
        PolicyNode at = _map.Find(names[0]) is { } entry ? entry.Value : _map;
        Refuse(names[0], at.Line, at.Column, message);
    }

    /// <summary>Of the fields declared, one and no more may be there.</summary>
    public void ExactlyOne()
    {
        _exactlyOne = true;
        if (_map.Entries.Count == 1) return;
        _unsound.Add("");
        _reading.Report(_path, _map.Line, _map.Column, $"This must have exactly one of: {string.Join(", ", _fields.Select(field => field.Key))}.");
    }

    private static PolicySection Open(PolicyReading reading, string path, PolicyNode node)
    {
        switch (node)
        {
            case MapNode map: return new PolicySection(reading, path, map);
            case ScalarNode { IsNull: true }: return new PolicySection(reading, path, new MapNode([], node.Line, node.Column));
            default:
                reading.Report(path.Length == 0 ? "policy" : path, node.Line, node.Column, "This must be a mapping of fields (name: value).");
                return new PolicySection(PolicyReading.Silent, path, Nothing);
        }
    }

    private T Finish<T>(Func<PolicySection, T> read)
    {
        var result = read(this);
        var seen = new Dictionary<string, MapEntry>(StringComparer.Ordinal);
        foreach (var entry in _map.Entries)
        {
            if (!_fields.ContainsKey(entry.Key)) RefuseUnknown(entry);
            else if (!seen.TryAdd(entry.Key, entry))
                Refuse(entry.Key, entry.Line, entry.Column, $"This is given twice, first on line {seen[entry.Key].Line}.");
        }

        return result;
    }

    private T Read<T>(MapEntry entry, PolicyType<T> type, T standIn)
    {
        _reading.Locate(PathOf(entry.Key), entry.Value);
        if (entry.Value is not ScalarNode scalar)
        {
            Refuse(entry.Key, entry.Value.Line, entry.Value.Column, "This must be a single value, not a list or mapping.");
            return standIn;
        }

        var (value, problem) = scalar.Text.Any(char.IsControl)
            ? (standIn, "This must be one line without control characters.")
            : type.Read(scalar);
        if (problem is null) return value;
        Refuse(entry.Key, scalar.Line, scalar.Column, problem);
        return standIn;
    }

    private void Declare(string name, JsonObject schema, string description, bool required = false)
    {
        schema.Insert(0, "description", description);
        _fields[name] = schema;
        if (required) _required.Add(name);
    }

    private void Missing(string name) => Refuse(name, _map.Line, _map.Column, "This field is required.");

    private void RefuseUnknown(MapEntry entry)
    {
        var known = _fields.Select(field => field.Key).ToList();
        var nearest = NearestWord.Find(entry.Key, known);
        var hint = nearest is null ? "" : $" Did you mean '{nearest}'?";
        var fields = known.Count == 0 ? "It takes no fields." : $"Known fields: {string.Join(", ", known)}.";
        Refuse(entry.Key, entry.Line, entry.Column, $"This field is unknown.{hint} {fields}");
    }

    private void Refuse(string name, int line, int column, string message)
    {
        _unsound.Add(name);
        _reading.Report(PathOf(name), line, column, message);
    }

    private string PathOf(string name) => _path.Length == 0 ? name : $"{_path}.{name}";
}
