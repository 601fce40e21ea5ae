using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlueGreen.Platform.Http;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>
/// The canonical form of a policy: every default filled in, members in ordinal order, no white space. What its author may write in
/// different ways (order, comments, units, defaults spelled out) makes no difference to it, nor to the hash.
/// </summary>
internal static class PolicyJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    public static string Write(EndpointPolicy policy) =>
        Sorted(JsonSerializer.SerializeToNode(policy, Options))!.ToJsonString();

    /// <summary>Reads what <see cref="Write"/> wrote: a stored policy was checked then and is not checked again.</summary>
    public static EndpointPolicy Read(string json) => JsonSerializer.Deserialize<EndpointPolicy>(json, Options)!;

    /// <summary>SHA-256 of the canonical form, 64 lower-case hexadecimal digits.</summary>
    public static string Hash(string json) => BlobDigest.Of(Encoding.UTF8.GetBytes(json));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members
            .OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
