using System.Text;
using System.Text.Json;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>Reads JSON and keeps the place of every value.</summary>
internal ref struct JsonPolicyText
{
    private const int MaxDepth = 24;
    private readonly ReadOnlySpan<byte> _text;
    private Utf8JsonReader _reader;

    private JsonPolicyText(ReadOnlySpan<byte> text)
    {
        _text = text;
        _reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <exception cref="PolicySyntaxException">The text is not JSON.</exception>
    public static PolicyNode Read(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var json = new JsonPolicyText(bytes);
        try
        {
            json._reader.Read();
            var root = json.ReadNode();
            // Reading on makes the reader complain of anything that follows.
            json._reader.Read();
            return root;
        }
        catch (JsonException malformed)
        {
            throw new PolicySyntaxException(
                $"This is not JSON: {malformed.Message}", (malformed.LineNumber ?? 0) + 1, (malformed.BytePositionInLine ?? 0) + 1);
        }
        catch (InvalidOperationException invalid) when (invalid.InnerException is DecoderFallbackException or null)
        {
            var (line, column) = json.Place();
            throw new PolicySyntaxException($"This is not a JSON string: {invalid.Message}", line, column);
        }
    }

    private PolicyNode ReadNode()
    {
        var (line, column) = Place();
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => new MapNode(ReadEntries(), line, column),
            JsonTokenType.StartArray => new ListNode(ReadItems(), line, column),
            JsonTokenType.String => new ScalarNode(_reader.GetString()!, Quoted: true, line, column),
            _ => new ScalarNode(Encoding.UTF8.GetString(_reader.ValueSpan), Quoted: false, line, column),
        };
    }

    private List<PolicyNode> ReadItems()
    {
        var items = new List<PolicyNode>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) items.Add(ReadNode());
        return items;
    }

    private List<MapEntry> ReadEntries()
    {
        var entries = new List<MapEntry>();
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            var (line, column) = Place();
            var key = _reader.GetString()!;
            _reader.Read();
            entries.Add(new MapEntry(key, ReadNode(), line, column));
        }

        return entries;
    }

    private readonly (int Line, int Column) Place()
    {
        var before = _text[..(int)_reader.TokenStartIndex];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        return (before.Count((byte)'\n') + 1, Encoding.UTF8.GetCharCount(before[lineStart..]) + 1);
    }
}
