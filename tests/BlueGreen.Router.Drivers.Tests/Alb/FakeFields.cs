namespace BlueGreen.Router.Drivers.Tests.Alb;

/// <summary>Parameters of the Query protocol.</summary>
internal sealed class FakeFields(IReadOnlyDictionary<string, string> fields)
{
    public string this[string name] => fields.GetValueOrDefault(name, "");

    public bool Has(string name) => fields.ContainsKey(name);

    /// <summary>Nothing but these, where <c>member.*</c> stands for anything below.</summary>
    public bool Only(params string[] names) => fields.Keys.All(key => key is "Action" or "Version"
        || names.Any(name => name.EndsWith(".*", StringComparison.Ordinal) ? key.StartsWith(name[..^1], StringComparison.Ordinal) : key == name));

    public IEnumerable<(string First, string Second)> List(string name, string first, string second)
    {
        for (var index = 1; Has($"{name}.member.{index}.{first}"); index++)
            yield return (this[$"{name}.member.{index}.{first}"], this[$"{name}.member.{index}.{second}"]);
    }
}
