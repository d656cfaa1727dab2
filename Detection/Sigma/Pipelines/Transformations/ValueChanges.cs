using System.Text.RegularExpressions;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;
using Picket.Detection.Sigma.Pipelines.Values;
using Change = System.Func<Picket.Detection.Sigma.Pipelines.PipelineItem, Picket.Detection.Sigma.Ast.DetectionItem,
    System.Collections.Generic.IReadOnlyList<Picket.Detection.Sigma.Ast.DetectionItem>?>;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>The ways to change values.</summary>
internal static partial class ValueChanges
{
    /// <summary>Replaces what an expression matches.</summary>
    public static Change Replace(NodeReader node)
    {
        var regex = NodeReader.Expression(node.Scalar("regex"), atStart: false);
        var replacement = Replacement(node.Scalar("replacement").Text);
        var (skip, interpret) = (node.Flag("skip_special"), node.Flag("interpret_special"));
        return (_, item) => One(StringValues.Change(item, parts =>
        {
            if (!skip)
            {
                var plain = ValueText.Plain(parts);
                return regex.IsMatch(plain) ? [ValueText.FromPlain(regex.Replace(plain, replacement))] : null;
            }

            if (!parts.Any(part => !part.IsWildcard && regex.IsMatch(part.Text))) return null;
            return [string.Concat(parts.Select(part => part.IsWildcard ? part.Text : Written(regex.Replace(part.Text, replacement))))];
        }));

        string Written(string text) => interpret ? ValueText.FromPlain(text) : ValueText.Escape(text);
    }

    /// <summary>Puts other values in the place of whole ones.</summary>
    public static Change Map(NodeReader node)
    {
        var mapping = node.Mapping("mapping").ToDictionary(pair => pair.Key.Text, pair => pair.Values, StringComparer.Ordinal);
        return (_, item) => One(StringValues.Change(item, parts => mapping.GetValueOrDefault(ValueText.Plain(parts))));
    }

    /// <summary>Puts one value in the place of all.</summary>
    public static Change Set(NodeReader node)
    {
        var value = DetectionParser.ReadValue(node.Scalar("value"));
        if (node.OptionalChoice("force_type", "str", "num") is { } type) value = As(type, value) ?? throw NoNumber(value);
        return (_, item) => [item with
        {
            Values = [value with { At = item.Values[0].At }],
            Modifiers = [.. item.Modifiers.Where(modifier => modifier == Modifier.Neq)],
        }];
    }

    /// <summary>Makes texts of numbers, or numbers of texts.</summary>
    public static Change Convert(NodeReader node)
    {
        var type = node.OptionalChoice("target_type", "str", "num") ?? "str";
        return (_, item) => [item with { Values = [.. item.Values.Select(value => As(type, value) ?? throw NoNumber(value))] }];
    }

    /// <summary>Writes texts in lower or upper case, for items that heed it.</summary>
    public static Change Case(NodeReader node)
    {
        var upper = node.OptionalChoice("method", "lower", "upper") == "upper";
        return (_, item) => One(StringValues.Change(item, parts => [ValueText.Join(parts.Select(part =>
            part with { Text = upper ? part.Text.ToUpperInvariant() : part.Text.ToLowerInvariant() }))]));
    }

    /// <summary>A replacement as Python writes it, as .NET does.</summary>
    private static string Replacement(string text) => PythonGroup().Replace(
        text.Replace("$", "$$", StringComparison.Ordinal), static match => match.Groups["name"].Success
        ? $"${{{match.Groups["name"].Value}}}"
        : match.Groups["number"].Success ? $"${{{match.Groups["number"].Value}}}"
        : @"\");

    private static RuleValue? As(string type, RuleValue value)
    {
        if (value.Kind == RuleValueKind.Null) return value;
        if (type == "str") return value with { Kind = RuleValueKind.Text };
        var read = DetectionParser.ReadValue(new YamlNode.Scalar(value.At, value.Text, true));
        return read.Kind == RuleValueKind.Number ? read : null;
    }

    private static RuleException NoNumber(RuleValue value) => new(value.At, SigmaCodes.Pipeline, $"'{value.Text}' is no number");

    private static IReadOnlyList<DetectionItem>? One(DetectionItem? item) => item is null ? null : [item];

    [GeneratedRegex(
        @"\\g<(?<name>[A-Za-z_0-9]+)>|\\(?<number>[0-9]{1,2})|\\\\", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex PythonGroup();
}
