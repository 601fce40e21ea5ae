namespace BlueGreen.Rollback.Sources;

/// <summary>Collects what alarm rules can be compared with. The first value of a name stays.</summary>
internal sealed class Labels
{
    private const int Most = 512;
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);

    /// <summary>What was collected, with the alarm's name as <c>alertname</c> where nothing else took that name.</summary>
    public IReadOnlyDictionary<string, string> Named(string alarm)
    {
        _labels.TryAdd("alertname", alarm);
        return _labels;
    }

    public Labels Add(string name, string? value)
    {
        if (value is not null && name.Length > 0 && _labels.Count < Most) _labels.TryAdd(name, value);
        return this;
    }

    public Labels Add(string name, PayloadValue value) => Add(name, value.Scalar);

    /// <summary>Every member of an object that is a single value, under its own name.</summary>
    public Labels AddAll(PayloadValue map)
    {
        foreach (var (name, value) in map.Members) Add(name, value.Scalar);
        return this;
    }

    /// <summary>Tags such as <c>endpoint:fraud</c>: an array of them, or one text with commas; an object counts as it is.</summary>
    public Labels AddTags(PayloadValue tags)
    {
        if (tags.IsObject) return AddAll(tags);
        var words = tags.IsArray ? tags.Items.Select(item => item.Scalar) : (tags.Scalar ?? "").Split(',');
        foreach (var word in words.OfType<string>())
        {
            var parts = word.Split(':', 2, StringSplitOptions.TrimEntries);
            Add(parts[0], parts.Length == 2 ? parts[1] : parts[0]);
        }

        return this;
    }
}
