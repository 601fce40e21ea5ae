using System.Text.Json.Nodes;
using BlueGreen.Contracts;
using BlueGreen.Platform.Http;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>Fields that hold more than one value.</summary>
internal sealed partial class PolicySection
{
    private const string DigestPrefix = "sha256:";
    private const string Captured = "captured";
    private const string CapturedMeaning = "Or `captured`: live requests that were kept (see `capture`).";

    /// <summary>A mapping; when it is absent, its fields' defaults apply and its required fields are missed.</summary>
    public T Section<T>(string name, string description, Func<PolicySection, T> read, bool required = false)
    {
        var entry = _map.Find(name);
        var section = entry is null
            ? new PolicySection(_reading, PathOf(name), new MapNode([], _map.Line, _map.Column))
            : Open(_reading, PathOf(name), entry.Value);
        var result = section.Finish(read);
        if (section._unsound.Count > 0) _unsound.Add(name);
        Declare(name, section.Schema, description, required);
        return result;
    }

    /// <summary>A mapping whose presence is what counts.</summary>
    public T? OptionalSection<T>(string name, string description, Func<PolicySection, T> read) where T : class
    {
        if (Has(name)) return Section(name, description, read);
        Declare(name, Describe(read), description);
        return null;
    }

    /// <summary>A list of mappings; <paramref name="fallback"/> when it is absent.</summary>
    public IReadOnlyList<T> Sections<T>(
        string name, string description, Func<PolicySection, T> read, Func<IReadOnlyList<T>> fallback, JsonNode fallbackShown)
    {
        Declare(name, new JsonObject { ["type"] = "array", ["items"] = Describe(read), ["default"] = fallbackShown }, description);
        if (!TryItems(name, "a list of mappings", out var items)) return fallback();
        var results = new List<T>(items.Count);
        foreach (var item in items)
        {
            var section = Open(_reading, $"{PathOf(name)}[{results.Count}]", item);
            results.Add(section.Finish(read));
            if (section._unsound.Count > 0) _unsound.Add(name);
        }

        return results;
    }

    /// <summary>A list of single values, at least one.</summary>
    public IReadOnlyList<string> Texts(string name, string description)
    {
        Declare(name, new JsonObject
        {
            ["type"] = "array",
            ["minItems"] = 1,
            ["items"] = new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") },
        }, description, required: true);
        if (!Has(name)) Missing(name);
        if (!TryItems(name, "a list of values", out var items)) return [];
        if (items.Count == 0) Refuse(name, _map.Find(name)!.Value.Line, _map.Find(name)!.Value.Column, "This list must not be empty.");
        return [.. items.Select((item, index) => TextOf(item, $"{name}[{index}]"))];
    }

    /// <summary>A list of single values that may be left out or empty.</summary>
    public IReadOnlyList<string> OptionalTexts(string name, string description)
    {
        Declare(name, new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" } }, description);
        return TryItems(name, "a list of values", out var items) ? [.. items.Select((item, index) => TextOf(item, $"{name}[{index}]"))] : [];
    }

    /// <summary>A mapping of free names to single values, at least one if it is there at all.</summary>
    public IReadOnlyDictionary<string, string> OptionalPairs(string name, string description)
    {
        Declare(name, new JsonObject
        {
            ["type"] = "object",
            ["minProperties"] = 1,
            ["additionalProperties"] = new JsonObject { ["type"] = "string" },
        }, description);
        var pairs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (_map.Find(name) is not { } entry) return pairs;
        if (entry.Value is not MapNode { Entries.Count: > 0 } map)
            Refuse(name, entry.Value.Line, entry.Value.Column, "This must be a mapping with at least one name and value.");
        else
            foreach (var pair in map.Entries)
                if (!pairs.TryAdd(pair.Key, TextOf(pair.Value, $"{name}.{pair.Key}")))
                    Refuse($"{name}.{pair.Key}", pair.Line, pair.Column, "This is given twice.");
        return pairs;
    }

    /// <summary>A list of known words, each once; none when it is left out.</summary>
    public IReadOnlyList<string> OptionalWords(string name, IReadOnlyList<string> allowed, string description)
    {
        Declare(name, new JsonObject
        {
            ["type"] = "array",
            ["uniqueItems"] = true,
            ["items"] = new JsonObject { ["enum"] = new JsonArray([.. allowed.Select(word => (JsonNode)word)]) },
        }, description);
        if (!TryItems(name, "a list of words", out var items)) return [];
        var words = new List<string>();
        foreach (var item in items)
        {
            var word = TextOf(item, $"{name}[{words.Count}]");
            if (!allowed.Contains(word, StringComparer.Ordinal))
                Refuse($"{name}[{words.Count}]", item.Line, item.Column, $"'{word}' is not known. Allowed: {string.Join(", ", allowed)}.");
            else if (words.Contains(word)) Refuse($"{name}[{words.Count}]", item.Line, item.Column, "This is given twice.");
            words.Add(word);
        }

        return words;
    }

    /// <summary>A file, by name or by digest.</summary>
    public BlobReference? File(string name, string description)
    {
        Declare(name, new JsonObject { ["type"] = "string" }, $"{description} A file name, or `sha256:<64 hexadecimal digits>#name`.");
        if (_map.Find(name) is not { } entry) return null;
        _reading.Locate(PathOf(name), entry.Value);
        if (entry.Value is not ScalarNode { IsNull: false, Text: var text })
        {
            Refuse(name, entry.Value.Line, entry.Value.Column, "This must be a file name, or `sha256:<64 hexadecimal digits>`.");
            return null;
        }

        var blob = text.StartsWith(DigestPrefix, StringComparison.Ordinal) ? ByDigest(text, out var problem) : ByName(text, out problem);
        if (blob is null) Refuse(name, entry.Value.Line, entry.Value.Column, problem);
        else _reading.Refer(PathOf(name), blob);
        return blob;
    }

    /// <summary>A file, or the word <c>captured</c>: live requests that the router kept.</summary>
    public (BlobReference? File, bool Captured) Payloads(string name, string description)
    {
        if (_map.Find(name) is not { Value: ScalarNode { Text: Captured } word }) return (File(name, $"{description} {CapturedMeaning}"), false);
        Declare(name, new JsonObject { ["type"] = "string" }, description);
        _reading.Locate(PathOf(name), word);
        return (null, true);
    }

    /// <summary>A list of values of one type, which may be left out or empty.</summary>
    public IReadOnlyList<string> TextList(string name, PolicyType<string> type, string description)
    {
        Declare(name, new JsonObject { ["type"] = "array", ["items"] = type.Schema(), ["default"] = new JsonArray() }, description);
        if (!TryItems(name, "a list of values", out var items)) return [];
        var read = new List<string>();
        foreach (var item in items)
        {
            var (value, problem) = item is ScalarNode scalar ? type.Read(scalar) : ("", "This must be a single value.");
            if (problem is null) read.Add(value);
            else Refuse($"{name}[{read.Count}]", item.Line, item.Column, problem);
        }

        return read;
    }

    private BlobReference? ByName(string name, out string problem)
    {
        if (name == Path.GetFileName(name) && name is not ("." or "..") && !name.Contains('\\', StringComparison.Ordinal))
            return _reading.Files.Find(name, out problem);
        problem = $"'{name}' is not a plain file name: put the file beside the policy.";
        return null;
    }

    private static BlobReference? ByDigest(string text, out string problem)
    {
        var parts = text[DigestPrefix.Length..].Split(['#', '/'], 2);
        var digest = parts[0];
        // bg writes a slash; a number sign is what people know from URLs.
        problem = $"'{digest}' is not a SHA-256: it must be 64 lower-case hexadecimal digits.";
        if (!BlobDigest.IsValid(digest)) return null;
        return new BlobReference { Sha256 = digest, Name = parts is [_, { Length: > 0 } name] ? name : digest[..12] };
    }

    private bool TryItems(string name, string expectation, out IReadOnlyList<PolicyNode> items)
    {
        items = [];
        if (_map.Find(name) is not { } entry) return false;
        if (entry.Value is ListNode list)
        {
            items = list.Items;
            return true;
        }

        Refuse(name, entry.Value.Line, entry.Value.Column, $"This must be {expectation}.");
        return false;
    }

    private string TextOf(PolicyNode node, string name)
    {
        if (node is ScalarNode { IsNull: false, Text.Length: > 0 } scalar) return scalar.Text;
        Refuse(name, node.Line, node.Column, "This must be a single value, not empty.");
        return "";
    }
}
