using System.Globalization;
using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>Takes the keys of a mapping one by one; what nobody took at the end is a mistake.</summary>
internal sealed class NodeReader
{
    private static readonly TimeSpan RegexLimit = TimeSpan.FromSeconds(1);

    private readonly YamlNode.Mapping _map;
    private readonly string _what;
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    private NodeReader(YamlNode.Mapping map, string what)
    {
        _map = map;
        _what = what;
    }

    public Place At => _map.At;

    /// <exception cref="RuleException">It is no mapping.</exception>
    public static NodeReader Of(YamlNode node, string what) => node is YamlNode.Mapping map
        ? new NodeReader(map, what)
        : throw new RuleException(node.At, SigmaCodes.Type, $"{what} is a mapping, this is {node.Shape}");

    /// <summary>The value of a key; null when it is not there.</summary>
    public YamlNode? Take(string key)
    {
        _taken.Add(key);
        return _map.Find(key);
    }

    public YamlNode Required(string key) =>
        Take(key) ?? throw new RuleException(_map.At, SigmaCodes.MissingKey, $"{_what} has no '{key}'");

    public YamlNode.Scalar Scalar(string key) => AsScalar(Required(key), key);

    public YamlNode.Scalar? OptionalScalar(string key) => Take(key) is { } node ? AsScalar(node, key) : null;

    public string? OptionalText(string key) => OptionalScalar(key)?.Text;

    public bool Flag(string key, bool otherwise = false) => OptionalScalar(key) switch
    {
        null => otherwise,
        { Text: "true" or "True" or "TRUE" } => true,
        { Text: "false" or "False" or "FALSE" } => false,
        var other => throw new RuleException(other.At, SigmaCodes.Type, $"'{key}' is neither true nor false"),
    };

    public int Number(string key, int otherwise) => OptionalScalar(key) switch
    {
        null => otherwise,
        var scalar when int.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        var other => throw new RuleException(other.At, SigmaCodes.Type, $"'{key}' is no whole number"),
    };

    public string? OptionalChoice(string key, params string[] choices)
    {
        if (OptionalScalar(key) is not { } scalar) return null;
        return choices.Contains(scalar.Text, StringComparer.Ordinal) ? scalar.Text
            : throw new RuleException(scalar.At, SigmaCodes.Value, $"'{key}' is '{scalar.Text}'; allowed: {string.Join(", ", choices)}");
    }

    /// <summary>A text, or several.</summary>
    public IReadOnlyList<YamlNode.Scalar> Texts(string key) => TextsOf(Required(key), key);

    /// <summary>Likewise; null when the key is not there.</summary>
    public IReadOnlyList<string>? OptionalTexts(string key) =>
        Take(key) is { } node ? [.. TextsOf(node, key).Select(text => text.Text)] : null;

    /// <summary>A mapping of texts to a text or several each.</summary>
    public IReadOnlyList<(YamlNode.Scalar Key, IReadOnlyList<string> Values)> Mapping(string key)
    {
        var node = Required(key);
        if (node is not YamlNode.Mapping map) throw new RuleException(node.At, SigmaCodes.Type, $"'{key}' is {node.Shape}, no mapping");
        return [.. map.Pairs.Select(pair =>
            (pair.Key, (IReadOnlyList<string>)[.. TextsOf(pair.Value, pair.Key.Text).Select(text => text.Text)]))];
    }

    /// <summary>A regular expression as Python writes it.</summary>
    public static Regex Expression(YamlNode.Scalar text, bool atStart)
    {
        var pattern = text.Text.Replace("(?P<", "(?<", StringComparison.Ordinal);
        try
        {
            return new Regex(atStart ? @$"\G(?:{pattern})" : pattern, RegexOptions.CultureInvariant, RegexLimit);
        }
        catch (ArgumentException failure)
        {
            throw new RuleException(text.At, SigmaCodes.Regex, failure.Message);
        }
    }

    /// <exception cref="RuleException">A key is left.</exception>
    public void End()
    {
        foreach (var (key, _) in _map.Pairs)
        {
            if (_taken.Contains(key.Text)) continue;
            throw new RuleException(key.At, SigmaCodes.UnknownKey,
                $"{_what} has the unknown key '{key.Text}'; it may have {string.Join(", ", _taken.Order(StringComparer.Ordinal))}");
        }
    }

    private static IReadOnlyList<YamlNode.Scalar> TextsOf(YamlNode node, string key)
    {
        var items = node is YamlNode.Listing list ? list.Items : [node];
        return items.Count > 0 ? [.. items.Select(item => AsScalar(item, key))]
            : throw new RuleException(node.At, SigmaCodes.Type, $"'{key}' has an empty list");
    }

    private static YamlNode.Scalar AsScalar(YamlNode node, string key) =>
        node as YamlNode.Scalar ?? throw new RuleException(node.At, SigmaCodes.Type, $"'{key}' is {node.Shape}");
}
