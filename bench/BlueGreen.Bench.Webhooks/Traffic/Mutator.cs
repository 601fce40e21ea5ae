using System.Text;
using System.Text.Json.Nodes;

namespace BlueGreen.Bench.Webhooks.Traffic;

/// <summary>Breaks a document the way senders, proxies and attackers do: first in its structure, then sometimes in its bytes.</summary>
internal static class Mutator
{
    private static readonly string[] Texts =
    [
        "", " ", "a\0b", "\uFFFF", "../../etc/passwd", "-7", "0x7", "NaN", "1e999", "2026-99-99T00:00:00Z", "0001-01-01T00:00:00+02:00", "${alias}",
        "javascript:alert(1)", "file:///etc/shadow", "http://169.254.169.254/latest", "Approved", "production-candidate", "projects/p/models/@@", "a:b:c:",
    ];

    private static readonly string[] RawValues =
    [
        "NaN", "Infinity", "1e400", "-0", "99999999999999999999999999", "\"\\ud800\"", "\"\\u0000\"", "{\"a\":1,\"a\":2}", "[[[[[[]]]]]]", "'x'", "tru", "//c",
    ];

    public static byte[] Mutate(JsonNode sample, Random random)
    {
        var root = sample.DeepClone();
        for (var cut = random.Next(0, 4); cut > 0; cut--) root = Restructure(root, random);
        var text = root.ToJsonString();
        if (random.Next(8) == 0) text = Respell(text, random);
        var bytes = Encoding.UTF8.GetBytes(text);
        return random.Next(6) == 0 ? Corrupt(bytes, random) : bytes;
    }

    private static JsonNode Restructure(JsonNode root, Random random)
    {
        var places = Places(root).ToList();
        if (places.Count == 0) return new JsonArray(root.DeepClone());
        var (parent, name, index) = places[random.Next(places.Count)];
        if (random.Next(20) == 0) return new JsonArray(root.DeepClone(), root.DeepClone());
        if (parent is JsonObject members) Change(members, name!, random);
        else if (parent is JsonArray items) Change(items, index, random);
        return root;
    }

    private static void Change(JsonObject members, string name, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                members.Remove(name);
                break;
            case 1:
                var value = members[name]?.DeepClone();
                members.Remove(name);
                members[random.Next(2) == 0 ? name.ToUpperInvariant() : name + "_"] = value;
                break;
            case 2:
                members[$"{name}{random.Next(9)}"] = members[name]?.DeepClone();
                break;
            default:
                members[name] = Value(members[name], random);
                break;
        }
    }

    private static void Change(JsonArray items, int index, Random random)
    {
        if (random.Next(3) == 0) items.RemoveAt(index);
        else if (random.Next(3) == 0) items.Add(items[index]?.DeepClone());
        else items[index] = Value(items[index], random);
    }

    private static JsonNode? Value(JsonNode? old, Random random) => random.Next(10) switch
    {
        0 => null,
        1 => random.Next(),
        2 => random.NextDouble() * 1e18,
        3 => random.Next(2) == 0,
        4 => new JsonArray(old?.DeepClone()),
        5 => new JsonObject { ["x"] = old?.DeepClone() },
        6 => new string('x', random.Next(1, 3000)),
        7 => old?.ToJsonString(),
        8 => Convert.ToBase64String(Encoding.UTF8.GetBytes(old?.ToJsonString() ?? "null")),
        _ => Texts[random.Next(Texts.Length)],
    };

    /// <summary>What only the text can be: doubled names, lone surrogates, numbers that are none.</summary>
    private static string Respell(string text, Random random)
    {
        var colon = text.IndexOf(':', random.Next(text.Length));
        return colon < 0 ? text + text : $"{text[..(colon + 1)]}{RawValues[random.Next(RawValues.Length)]}{(random.Next(2) == 0 ? "," : "")}{text[(colon + 1)..]}";
    }

    private static byte[] Corrupt(byte[] bytes, Random random)
    {
        if (bytes.Length == 0) return bytes;
        switch (random.Next(4))
        {
            case 0: return bytes[..random.Next(bytes.Length)];
            case 1: return [0xEF, 0xBB, 0xBF, .. bytes];
            case 2: return [.. bytes, .. bytes[random.Next(bytes.Length)..]];
            default:
                for (var flips = random.Next(1, 5); flips > 0; flips--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
        }
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int Index)> Places(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members)
            {
                yield return (members, name, 0);
                foreach (var place in Places(value)) yield return place;
            }
        }
        else if (node is JsonArray items)
        {
            for (var index = 0; index < items.Count; index++)
            {
                yield return (items, null, index);
                foreach (var place in Places(items[index])) yield return place;
            }
        }
    }
}
