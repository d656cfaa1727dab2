using System.Text;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Scan;
using Picket.Spec.Sigma;

namespace Picket.Spec.Proof;

/// <summary>What an event must say for a rule to fire: one text a field, as an action that really happens has it.</summary>
internal static class RuleTexts
{
    private const int Variations = 64;

    private static readonly HashSet<string> Paths =
        ["Image", "ParentImage", "TargetFilename", "CurrentDirectory", "exe", "name"];

    /// <summary>
    /// The different ways to fulfil the rule's condition, each checked by the engine's twin. Keywords are under the empty name. Field
    /// values are the shortest that the rule asks for, with a program's name before a command line and a folder before a path's end.
    /// </summary>
    public static IEnumerable<Dictionary<string, string>> Of(SigmaRule rule)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var variation = 0; variation < Variations; variation++)
        {
            if (Texts(rule, variation) is not { } texts) continue;
            if (!seen.Add(string.Join('\u0001', texts.Select(pair => $"{pair.Key}\u0002{pair.Value}")))) continue;
            if (Fires(rule, texts)) yield return texts;
        }
    }

    private static bool Fires(SigmaRule rule, Dictionary<string, string> texts) =>
        new FullScan().Matches(rule.Syntax, RuleEvents.Batch([.. texts.Select(pair => (pair.Key, Encoding.UTF8.GetBytes(pair.Value)))]).View(0));

    private static Dictionary<string, string>? Texts(SigmaRule rule, int variation)
    {
        try
        {
            var texts = RuleEvents.Patterns(rule.Syntax, variation).GroupBy(one => one.Field).ToDictionary(group => group.Key,
                group => Join(group.Key, [.. group.Select(one => one.Pattern)]));
            if (texts.TryGetValue("CommandLine", out var line) && line.StartsWith(Open, StringComparison.Ordinal))
            {
                var name = Path.GetFileName(texts.GetValueOrDefault("Image", "/usr/bin/tool"));
                texts["CommandLine"] = $"{name} {line[Open.Length..]}";
            }

            return texts.ToDictionary(pair => pair.Key, pair => pair.Value.Replace(Open, "", StringComparison.Ordinal));
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Marks a text before which there may be more.</summary>
    private const string Open = "\u0003";

    private static string Join(string field, List<ScanPattern> patterns)
    {
        static bool OpenBefore(ScanPattern pattern) => pattern.Tokens.FirstOrDefault(Says).Kind == ScanPattern.Run;
        static bool OpenAfter(ScanPattern pattern) => pattern.Tokens.LastOrDefault(Says).Kind == ScanPattern.Run;
        static bool Says((char Kind, string Bytes) token) => token is not (ScanPattern.Literal, "");
        static string Text(ScanPattern pattern) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(string.Concat(
            pattern.Tokens.Select(token => token.Kind == ScanPattern.One ? "x" : token.Bytes))));

        if (patterns.Find(pattern => !OpenBefore(pattern) && !OpenAfter(pattern)) is { } whole) return Text(whole);
        var first = patterns.FindAll(pattern => !OpenBefore(pattern)).OrderByDescending(pattern => Text(pattern).Length).Take(1).Select(Text);
        var last = patterns.FindAll(pattern => !OpenAfter(pattern)).OrderByDescending(pattern => Text(pattern).Length).Take(1).Select(Text);
        var parts = first.Concat(patterns.FindAll(pattern => OpenBefore(pattern) && OpenAfter(pattern)).Select(Text)).Concat(last).Distinct().ToList();
        var isPath = Paths.Contains(field);
        var text = string.Join(isPath ? "x" : " ", parts);
        if (patterns.Exists(pattern => !OpenBefore(pattern))) return isPath ? Named(text) : text;
        if (!isPath) return Open + text;
        var folder = field is "TargetFilename" or "CurrentDirectory" or "name" ? "/srv" : "/usr/bin";
        text = text.StartsWith('/') ? folder + text : $"{folder}/{text}";
        return Named(text);
    }

    /// <summary>A path that a file can have.</summary>
    private static string Named(string path) => path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal) ? path + "x" : path;
}
