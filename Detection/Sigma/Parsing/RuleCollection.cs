using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Detection.Sigma.Parsing;

/// <summary>
/// The actions by which older rules share parts among the documents of a file: <c>global</c> is added to every rule behind it,
/// <c>reset</c> forgets that, and <c>repeat</c> is the rule before it with changes. Where both say something, the later document holds.
/// </summary>
internal sealed class RuleCollection
{
    private const string ActionKey = "action";

    private (YamlNode.Mapping Map, string Text)? _global;
    private (YamlNode.Mapping Map, string Text)? _previous;

    /// <summary>Takes a document about single events.</summary>
    /// <returns>The rule that it makes with what is shared, and the text that this was read from; null when it makes none.</returns>
    /// <exception cref="RuleException">The action is none.</exception>
    public (YamlNode.Mapping Map, string Text)? Take(YamlNode.Mapping map, string text)
    {
        if (map.Find(ActionKey) is not { } action) return _previous = Joined(_global, map, text);
        switch (action)
        {
            case YamlNode.Scalar { Text: "global" }:
                _global = _previous = Joined(_global, map, text);
                return null;

            case YamlNode.Scalar { Text: "reset" }:
                _global = null;
                return null;

            case YamlNode.Scalar { Text: "repeat" } when _previous is null:
                throw new RuleException(action.At, SigmaCodes.Action, "there is no rule before it that could be repeated");

            case YamlNode.Scalar { Text: "repeat" }:
                return _previous = Joined(_previous, map, text);
        }

        throw new RuleException(action.At, SigmaCodes.Action, "'action' is none of global, reset and repeat");
    }

    private static (YamlNode.Mapping Map, string Text) Joined(
        (YamlNode.Mapping Map, string Text)? before, YamlNode.Mapping map, string text) =>
        before is { } some ? (Merged(some.Map, map), $"{some.Text}\n---\n{text}") : (map, text);

    private static YamlNode.Mapping Merged(YamlNode.Mapping before, YamlNode.Mapping after)
    {
        var pairs = new List<(YamlNode.Scalar Key, YamlNode Value)>();
        foreach (var (key, value) in before.Pairs)
        {
            if (after.Find(key.Text) is not { } newer) pairs.Add((key, value));
            else if (value is YamlNode.Mapping inner && newer is YamlNode.Mapping over) pairs.Add((key, Merged(inner, over)));
            else pairs.Add((after.KeyOf(key.Text)!, newer));
        }

        pairs.AddRange(after.Pairs.Where(pair => before.KeyOf(pair.Key.Text) is null));
        return new YamlNode.Mapping(after.At, pairs);
    }
}
