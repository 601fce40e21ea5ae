using System.Text;
using System.Text.Json.Nodes;

namespace BlueGreen.Testing.Alarms.Fuzzing;

/// <summary>
/// Changes JSON where it hurts: members missing, twice, of another kind or of extreme values; and now and then bytes. Reproducible from its
/// seed.
/// </summary>
internal sealed class PayloadMutator(int seed)
{
    private const int MostChanges = 4;
    private readonly Random _random = new(seed);

    private static readonly Func<JsonNode?>[] Extremes =
    [
        () => null, () => "", () => " ", () => "firing", () => "ALARM", () => "resolved", () => "\0", () => "\u202e\ud83d\ude80",
        () => new string('x', 70_000), () => "0001-01-01T00:00:00+02:00", () => "9999-12-31T23:59:59.9999999-12:00", () => "1e400",
        () => "2026-13-45T99:99:99Z", () => 0, () => -1, () => 1e308, () => long.MinValue, () => ulong.MaxValue, () => 0.1, () => true, () => false,
        () => new JsonArray(), () => new JsonObject(), () => new JsonArray(null, 1, "a", new JsonArray()), () => new JsonObject { [""] = "" },
        () => new JsonObject { ["endpoint"] = new JsonObject() }, () => "https://sns.evil.example/x.pem", () => "https://sns.us-east-1.amazonaws.com@evil.example/",
        () => "http://169.254.169.254/latest/", () => "{\"AlarmName\":\"x\",\"NewStateValue\":\"ALARM\"}",
    ];

    public byte[] Mutate(byte[] json)
    {
        var root = JsonNode.Parse(json)!;
        for (var changes = 1 + _random.Next(MostChanges); changes > 0; changes--) Change(root);
        var text = _random.Next(40) == 0 ? new JsonArray(root.DeepClone()).ToJsonString() : root.ToJsonString();
        return Spoil(text);
    }

    private void Change(JsonNode root)
    {
        var places = Places(root).ToList();
        if (places.Count == 0) return;
        var place = places[_random.Next(places.Count)];
        switch (_random.Next(8))
        {
            case 0: Remove(place); break;
            case 1: Rename(place); break;
            case 2: Repeat(place); break;
            case 3: Put(place, places[_random.Next(places.Count)].Value); break;
            case 4: Put(place, Nested(_random.Next(1, 120))); break;
            default: place.Set(Extremes[_random.Next(Extremes.Length)]()); break;
        }
    }

    private static void Put(Place place, JsonNode? value) => place.Set(value?.DeepClone());

    private static void Remove(Place place)
    {
        if (place.Parent is JsonObject map) map.Remove(place.Name!);
        else if (place.Parent is JsonArray list && place.Index < list.Count) list.RemoveAt(place.Index);
    }

    private void Rename(Place place)
    {
        if (place.Parent is not JsonObject map) return;
        var value = place.Value?.DeepClone();
        map.Remove(place.Name!);
        map[_random.Next(3) switch { 0 => place.Name!.ToUpperInvariant(), 1 => $"{place.Name}\0", _ => new string('n', 5000) }] = value;
    }

    private void Repeat(Place place)
    {
        if (place.Parent is JsonArray list) for (var times = _random.Next(200); times > 0; times--) list.Add(place.Value?.DeepClone());
        else if (place.Parent is JsonObject map) for (var times = _random.Next(200); times > 0; times--) map[$"{place.Name}{times}"] = place.Value?.DeepClone();
    }

    private static JsonArray Nested(int depth)
    {
        var value = new JsonArray();
        for (; depth > 0; depth--) value = new JsonArray(value);
        return value;
    }

    private byte[] Spoil(string text)
    {
        switch (_random.Next(24))
        {
            case 0: text = $"{{\"status\":\"firing\",{text.TrimStart('{')}"; break;
            case 1: text = text.Replace("\":\"", "\":\"\\ud800", StringComparison.Ordinal); break;
            case 2: text = text[.._random.Next(text.Length)]; break;
            case 3: text = text.Replace("\"", "'", StringComparison.Ordinal); break;
            case 4: text = text.Replace(":0", ":NaN", StringComparison.Ordinal); break;
            case 5: return Encoding.Unicode.GetBytes(text);
            case 6: return [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)];
            case 7: return Flip(Encoding.UTF8.GetBytes(text));
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private byte[] Flip(byte[] bytes)
    {
        for (var times = _random.Next(1, 8); times > 0 && bytes.Length > 0; times--) bytes[_random.Next(bytes.Length)] = (byte)_random.Next(256);
        return bytes;
    }

    private static IEnumerable<Place> Places(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach (var (name, value) in map)
            {
                yield return new Place(map, name, 0, value);
                foreach (var below in Places(value)) yield return below;
            }
        }
        else if (node is JsonArray list)
        {
            for (var index = 0; index < list.Count; index++)
            {
                yield return new Place(list, null, index, list[index]);
                foreach (var below in Places(list[index])) yield return below;
            }
        }
    }

    private sealed record Place(JsonNode Parent, string? Name, int Index, JsonNode? Value)
    {
        public void Set(JsonNode? value)
        {
            if (Parent is JsonObject map) map[Name!] = value;
            else if (Parent is JsonArray list && Index < list.Count) list[Index] = value;
        }
    }
}
