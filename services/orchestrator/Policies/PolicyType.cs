using System.Text.Json.Nodes;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>What one kind of value looks like: how it is read, shown and described in the schema.</summary>
/// <param name="Example">A valid value; also stands in for one that could not be read.</param>
/// <param name="Read">Gives the value, or what is wrong with it (then the value means nothing).</param>
/// <param name="Write">The value as a policy would write it.</param>
/// <param name="Schema">A fresh JSON Schema of the value.</param>
internal sealed record PolicyType<T>(
    T Example, Func<ScalarNode, (T Value, string? Problem)> Read, Func<T, JsonNode> Write, Func<JsonObject> Schema)
{
    /// <summary>Narrows to the one value that this version implements: the others are known, and refused until they work.</summary>
    public PolicyType<T> OnlyYet(T supported) => this with
    {
        Example = supported,
        Read = node =>
        {
            var (value, problem) = Read(node);
            if (problem is null && !Equals(value, supported))
                problem = $"'{node.Text}' is not supported yet by this version: use {Write(supported)}, or leave the field out.";
            return (value, problem);
        },
        Schema = () => new JsonObject { ["const"] = Write(supported) },
    };
}
