using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace BlueGreen.Orchestrator.Policies;

/// <summary>
/// Reads YAML by its events. Anchors, aliases and tags are refused: no policy needs them, and an alias can make a short text
/// endlessly large.
/// </summary>
internal static class YamlPolicyText
{
    private const int MaxDepth = 24;

    /// <exception cref="PolicySyntaxException">The text is not one plain YAML document.</exception>
    public static PolicyNode Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out var nothing)) throw Problem("The policy is empty.", nothing.Start);
            parser.Consume<DocumentStart>();
            var root = ReadNode(parser, depth: 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
                throw Problem("Only one policy per file: remove the second document.", parser.Current!.Start);
            return root;
        }
        catch (YamlException malformed)
        {
            throw Problem($"This is not YAML: {malformed.Message}", malformed.Start);
        }
        catch (Exception malformed) when (malformed is InvalidOperationException or ArgumentException)
        {
            // The scanner's answer to some unclosed brackets ("a: [1" and a new key on the next line) and to broken tags.
            var last = parser.Current?.End ?? Mark.Empty;
            throw Problem("This is not YAML: something after this place is not closed, or out of place.", last);
        }
    }

    private static PolicyNode ReadNode(Parser parser, int depth)
    {
        if (parser.Accept<AnchorAlias>(out var alias)) throw Problem("Aliases are not supported: write the value out.", alias.Start);
        var node = parser.Require<NodeEvent>();
        if (!node.Anchor.IsEmpty) throw Problem("Anchors are not supported: write the value out where it is used.", node.Start);
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific) throw Problem($"The tag {node.Tag} is not supported: remove it.", node.Start);
        if (depth > MaxDepth) throw Problem("This is nested too deeply.", node.Start);

        var (line, column) = ((int)node.Start.Line, (int)node.Start.Column);
        switch (node)
        {
            case Scalar scalar:
                parser.MoveNext();
                return new ScalarNode(scalar.Value, scalar.Style != ScalarStyle.Plain, line, column);
            case SequenceStart:
                return new ListNode(ReadItems(parser, depth), line, column);
            default:
                return new MapNode(ReadEntries(parser, depth), line, column);
        }
    }

    private static List<PolicyNode> ReadItems(Parser parser, int depth)
    {
        var items = new List<PolicyNode>();
        parser.Consume<SequenceStart>();
        while (!parser.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(parser, depth + 1));
        return items;
    }

    private static List<MapEntry> ReadEntries(Parser parser, int depth)
    {
        var entries = new List<MapEntry>();
        parser.Consume<MappingStart>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = ReadNode(parser, depth + 1) as ScalarNode
                ?? throw Problem("A field's name must be plain text.", parser.Current!.Start);
            entries.Add(new MapEntry(key.Text, ReadNode(parser, depth + 1), key.Line, key.Column));
        }

        return entries;
    }

    private static PolicySyntaxException Problem(string message, Mark at) => new(message, at.Line, at.Column);
}
