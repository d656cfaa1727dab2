using System.Text;
using Picket.Detection.Events;

namespace Picket.Spec.Sigma;

/// <summary>Writes rules and events over a small alphabet, so that they meet often.</summary>
internal sealed class RandomRules(int seed)
{
    private static readonly string[] Fields = ["Ra", "Rb", "Rc"];
    private static readonly string[] Pieces =
    [
        "a", "b", "A", "B", "ab", "ba", "-a", "/b", " -ab", "é", "É", "s", "ſ", "k", "\u212A", "İ", "ı", "中", "*", "?", "\\", "\\*", "\\?", "\\\\",
        "%", "1", "10", "1.0", "-10.00", "10.0.0.1", "::1", "2026-11-21", "T10:11", ".", ":", "x",
    ];

    private static readonly string[] TextModifiers =
    [
        "", "", "", "|contains", "|contains", "|startswith", "|endswith", "|cased", "|contains|cased", "|contains|all", "|all", "|windash",
        "|windash|contains", "|contains|windash|all", "|neq", "|contains|neq", "|startswith|endswith", "|expand", "|expand|contains",
        "|wide", "|utf16be|contains", "|utf16", "|endswith|cased|all",
    ];

    private static readonly string[] Regexes = ["a.b", "^a", "b$", "(ab|ba)+", "a?b", "[ab]{2}", "x|1", "\\\\\\\\", "é", "a.*b", "k", "(?i)s", "i", "\\\\d+", "ab|", "(a|)b"];
    private static readonly string[] Networks = ["10.0.0.0/8", "10.0.0.1", "::/0", "::1/128", "0.0.0.0/0"];

    private readonly Random _random = new(seed);

    public string Rule()
    {
        var names = Enumerable.Range(0, _random.Next(1, 5)).Select(index => $"{"sf"[_random.Next(2)]}{index}").ToList();
        var text = new StringBuilder("title: r\nlogsource: {product: random}\ndetection:\n");
        foreach (var name in names) text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  {name}: {Selection()}\n");
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"  condition: {Condition(names, 0)}\n");
        return text.ToString();
    }

    public EventBatch Event()
    {
        var batch = SigmaEvents.Batch(1);
        batch.Add(EventKind.Unknown);
        foreach (var field in Fields)
        {
            for (var count = _random.Next(4); count > 1; count--) AddValue(batch, FieldTable.Intern(field));
        }

        if (_random.Next(3) == 0) AddValue(batch, FieldId.Unnamed);
        return batch;
    }

    private void AddValue(EventBatch batch, FieldId field)
    {
        switch (_random.Next(12))
        {
            case 0:
                batch.AddField(field, FieldKind.Null, 0, 0);
                break;

            case 1:
                var bytes = Encoding.UTF8.GetBytes(Text()).Append((byte)_random.Next(256)).ToArray();
                if (_random.Next(2) == 0) bytes = Encoding.Unicode.GetBytes(Text());
                batch.AddText(field, bytes);
                break;

            default:
                batch.AddText(field, Encoding.UTF8.GetBytes(Text().Replace("*", "", StringComparison.Ordinal)));
                break;
        }
    }

    private string Condition(List<string> names, int depth) => _random.Next(depth > 3 ? 2 : 7) switch
    {
        0 or 1 => Pick(names),
        2 => $"not {Condition(names, depth + 1)}",
        3 => $"({Condition(names, depth + 1)} or {Condition(names, depth + 1)})",
        4 => $"({Condition(names, depth + 1)} and {Condition(names, depth + 1)})",
        5 => $"{_random.Next(1, names.Count + 1)} of them",
        _ => $"({(_random.Next(2) == 0 ? "1" : "all")} of {Pick(names)[0]}* and not {Pick(names)})",
    };

    private string Selection() => _random.Next(6) switch
    {
        0 => $"[{Quote(Text())}, {Quote(Text())}]",
        1 => $"[{Map()}, {Map()}]",
        2 => $"[{Quote(Text())}, {Map()}]",
        _ => Map(),
    };

    private string Map()
    {
        var items = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Item()).DistinctBy(item => item[..item.IndexOf(':', StringComparison.Ordinal)]);
        return "{" + string.Join(", ", items) + "}";
    }

    private string Item()
    {
        var field = Pick(Fields) + (_random.Next(8) == 0 ? "[all]" : "");
        return _random.Next(12) switch
        {
            0 => $"\"{field}\": null",
            1 => $"\"{field.Replace("[all]", "", StringComparison.Ordinal)}|exists\": {(_random.Next(2) == 0 ? "true" : "false")}",
            2 => $"\"{field}|fieldref{Pick(["", "|contains", "|startswith", "|endswith|cased", "|neq"])}\": {Pick(Fields)}",
            3 => $"\"{field}|re{Pick(["", "|i", "|s", "|m|i"])}\": \"{Pick(Regexes)}\"",
            4 => $"\"{field}|cidr\": \"{Pick(Networks)}\"",
            5 => $"\"{field}|{Pick(["lt", "lte", "gt", "gte", "gte|neq"])}\": {_random.Next(12)}",
            6 => $"\"{field}|{Pick(["minute", "hour", "day", "week", "month", "year", "hour|gt"])}\": {Pick(["10", "11", "21", "47", "2026"])}",
            _ => $"\"{field}{TextModifier(out var encoded)}\": {Values(encoded)}",
        };
    }

    private string TextModifier(out bool encoded)
    {
        var modifier = Pick(TextModifiers);
        encoded = modifier.Contains("utf16", StringComparison.Ordinal) || modifier.Contains("wide", StringComparison.Ordinal)
            || modifier.Contains("expand", StringComparison.Ordinal);
        return modifier;
    }

    private string Values(bool plain)
    {
        var count = _random.Next(1, 5);
        var values = Enumerable.Range(0, count).Select(_ => Quote(plain ? PlainText() : Text())).ToList();
        if (!plain && _random.Next(8) == 0) values.Add(_random.Next(20).ToString(System.Globalization.CultureInfo.InvariantCulture));
        return count == 1 ? values[0] : $"[{string.Join(", ", values)}]";
    }

    private string Text() => string.Concat(Enumerable.Range(0, _random.Next(5)).Select(_ => Pick(Pieces)));

    /// <summary>Without what UTF-16 forms and placeholders refuse.</summary>
    private string PlainText() => Text().Replace("?", "", StringComparison.Ordinal).Replace("%", "", StringComparison.Ordinal);

    private T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}
