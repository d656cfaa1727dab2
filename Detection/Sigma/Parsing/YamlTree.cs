using Picket.Detection.Sigma.Diagnostics;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// Reads one YAML document into nodes by the event parser. Aliases share their anchor's node, and what they stand for is
/// counted as if it were written out, so that a small file cannot become a large rule.
/// </summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 32;
    private const int MaxNodes = 200_000;
    private const string MergeKey = "<<";
    private const string StringTag = "tag:yaml.org,2002:str";

    private readonly Parser _events;
    private readonly int _lineOffset;
    private readonly int _length;
    private readonly List<int> _lineStarts = [0];
    private readonly Dictionary<string, (YamlNode Node, int Size)> _anchors = new(StringComparer.Ordinal);
    private int _nodes;

    private YamlTree(string text, int lineOffset)
    {
        _events = new Parser(new StringReader(text));
        _lineOffset = lineOffset;
        _length = text.Length;
        for (var at = text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\n', at + 1)) _lineStarts.Add(at + 1);
    }

    /// <summary>The document's root; null for a document without content.</summary>
    /// <exception cref="RuleException">The text is not YAML, has a duplicate key or is too deep or too large.</exception>
    public static YamlNode? Read(RuleDocument document) => PlainYaml.Read(document) ?? ReadAny(document);

    /// <summary>The same by the event parser alone.</summary>
    internal static YamlNode? ReadAny(RuleDocument document)
    {
        var tree = new YamlTree(document.Text, document.FirstLine - 1);
        try
        {
            return tree.ReadRoot();
        }
        catch (YamlException failure)
        {
            var (index, message) = YamlComplaint.Of(document.Text, failure);
            throw new RuleException(tree.PlaceOf(index), SigmaCodes.Yaml, message);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException)
        {
            // The library throws them at some texts that are no YAML: a plain scalar at a place it did not think of, a tag that is none.
            var at = tree._events.Current is { } last ? tree.PlaceOf(last.Start) : new Place(document.FirstLine, 1);
            throw new RuleException(at, SigmaCodes.Yaml, "the text is not YAML from here on");
        }
    }

    private YamlNode? ReadRoot()
    {
        _events.Consume<StreamStart>();
        if (_events.Accept<StreamEnd>(out _)) return null;
        _events.Consume<DocumentStart>();
        var root = ReadNode(0);
        _events.Consume<DocumentEnd>();
        if (!_events.Accept<StreamEnd>(out _))
        {
            throw new RuleException(PlaceOf(_events.Current!.Start), SigmaCodes.Yaml, "text after the end of the document");
        }

        return root is YamlNode.Scalar { Plain: true, Text: "" } ? null : root;
    }

    private YamlNode ReadNode(int depth)
    {
        var at = PlaceOf(_events.Current!.Start);
        if (depth > MaxDepth) throw new RuleException(at, SigmaCodes.Limit, $"more than {MaxDepth} levels");
        Count(1, at);
        var before = _nodes;
        switch (_events.Current)
        {
            case AnchorAlias alias:
                _events.MoveNext();
                if (!_anchors.TryGetValue(alias.Value.Value, out var target))
                {
                    throw new RuleException(at, SigmaCodes.Yaml,
                        $"no anchor '{alias.Value.Value}' before this alias: quote a text that begins with '*'");
                }

                Count(target.Size, at);
                return target.Node;

            case Scalar scalar:
                _events.MoveNext();
                var plain = scalar.Style == ScalarStyle.Plain && (scalar.Tag.IsEmpty || scalar.Tag.Value != StringTag);
                return Remember(scalar, new YamlNode.Scalar(at, scalar.Value, plain, scalar.End.Line > scalar.Start.Line), before);

            case SequenceStart start:
                _events.MoveNext();
                var items = new List<YamlNode>();
                while (!_events.TryConsume<SequenceEnd>(out _)) items.Add(ReadNode(depth + 1));
                return Remember(start, new YamlNode.Listing(at, items), before);

            case MappingStart start:
                _events.MoveNext();
                return Remember(start, ReadMap(at, depth), before);

            case var other:
                throw new RuleException(at, SigmaCodes.Yaml, $"unexpected {other!.GetType().Name}");
        }
    }

    private YamlNode.Mapping ReadMap(Place at, int depth)
    {
        var pairs = new List<(YamlNode.Scalar Key, YamlNode Value)>();
        var merged = new List<YamlNode.Mapping>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (!_events.TryConsume<MappingEnd>(out _))
        {
            var node = ReadNode(depth + 1);
            if (node is not YamlNode.Scalar key) throw new RuleException(node.At, SigmaCodes.Type, $"a key is {node.Shape}");
            if (key.Plain && key.Text.Length > 0 && char.IsWhiteSpace(key.Text[0]))
            {
                throw new RuleException(key.At, SigmaCodes.Yaml,
                    $"U+{(int)key.Text[0]:X4} indents this line: YAML wants spaces");
            }

            if (!seen.Add(key.Text)) throw new RuleException(key.At, SigmaCodes.DuplicateKey, $"the key '{key.Text}' is there twice");
            var value = ReadNode(depth + 1);
            if (key is { Plain: true, Text: MergeKey } && TryMerge(value, merged)) continue;
            pairs.Add((key, value));
        }

        foreach (var pair in merged.SelectMany(map => map.Pairs))
        {
            if (seen.Add(pair.Key.Text)) pairs.Add(pair);
        }

        return new YamlNode.Mapping(at, pairs);
    }

    /// <summary>YAML 1.1's merge key: the pairs of other mappings, where the mapping and those before have none of that key.</summary>
    private static bool TryMerge(YamlNode value, List<YamlNode.Mapping> merged)
    {
        var maps = value is YamlNode.Listing list ? list.Items : [value];
        if (!maps.All(map => map is YamlNode.Mapping)) return false;
        merged.AddRange(maps.Cast<YamlNode.Mapping>());
        return true;
    }

    private YamlNode Remember(NodeEvent source, YamlNode node, int before)
    {
        if (!source.Anchor.IsEmpty) _anchors[source.Anchor.Value] = (node, _nodes - before + 1);
        return node;
    }

    private void Count(int nodes, Place at)
    {
        _nodes += nodes;
        if (_nodes > MaxNodes) throw new RuleException(at, SigmaCodes.Limit, $"more than {MaxNodes} values in one document");
    }

    /// <summary>By the index alone: YAML has more line breaks than editors, and the end of a text is a line of its own to it.</summary>
    private Place PlaceOf(Mark mark) => PlaceOf((int)Math.Min(mark.Index, _length));

    private Place PlaceOf(int index)
    {
        var line = _lineStarts.BinarySearch(index);
        if (line < 0) line = ~line - 1;
        return new Place(line + 1 + _lineOffset, index - _lineStarts[line] + 1);
    }
}
