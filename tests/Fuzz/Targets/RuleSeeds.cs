using System.Text;

namespace Picket.Fuzz.Targets;

/// <summary>Files of rules to begin with, each showing some parts of Sigma, and what they are made of.</summary>
internal static class RuleSeeds
{
    private const string Head = "title: t\nlogsource: { product: fuzz }\ndetection:\n";

    private static readonly string[] Texts =
    [
        Head + "  sel:\n    F: a\n  condition: sel\n",
        Head + "  sel:\n    F|contains: [a, 'b*c']\n    G|endswith|cased: X\n  not_me:\n    H: null\n  condition: sel and not not_me\n",
        Head + "  words: [one, two, 'th?ee']\n  condition: words\n",
        Head + "  s1: { F|re|i: 'a+b?$', G|startswith: '\\x' }\n  s2: [{ F: 1 }, { G|exists: true }]\n  condition: 1 of s* or not s1\n",
        Head + "  a: { F|windash|contains|all: [' -x', '-y'] }\n  b: { F|base64offset|contains: text, G|wide|base64: cmd }\n  condition: a or b\n",
        Head + "  a: { F|cidr: 10.0.0.0/8 }\n  b: { F|gte: 5, G|lt: 9.5 }\n  c: { F|fieldref: G }\n  d: { F|expand: '%p%' }\n  condition: all of them\n",
        Head + "  a: { F|neq: x, 'G[all]|contains': y }\n  b: { T|hour|gte: 3, T|year: 2026 }\n  condition: not a or b\n",
        "title: x\nid: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11\nname: n\nstatus: test\nlevel: high\nauthor: me\ndate: 2026-11-22\ntags: [attack.t1059]\nreferences: [a, b]\nrelated:\n  - { id: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b12, type: similar }\n"
            + "logsource:\n  product: fuzz\n  category: process_creation\ndetection:\n  sel: &a { F: x }\n  other: *a\n  condition: sel or other\n---\n"
            + "title: c\ncorrelation:\n  type: event_count\n  rules: [n]\n  group-by: [F]\n  timespan: 5m\n  condition: { gte: 3 }\n---\n"
            + "title: f\nlogsource: { product: fuzz, category: process_creation }\nfilter:\n  rules: [n]\n  selection: { G: y }\n  condition: not selection\n",
        "title: v\ncorrelation:\n  type: value_count\n  rules: any\n  group-by: [F]\n  aliases: { x: { n: F } }\n  timespan: 1h\n  condition: { field: G, gt: 2, lte: 9 }\n",
        "title: g\naction: global\n", "", "- a\n", Head + "  sel: |\n    text\n  condition: \"sel\"\n",
    ];

    private static readonly string[] Words =
    [
        "title: t\n", "id: ", "name: n\n", "level: high\n", "status: test\n", "tags: [a.b]\n", "logsource: { product: fuzz }\n", "  category: c\n", "detection:\n", "  sel: { F: a }\n", "  s1: { G: b }\n", "  s2: { H: 'c*' }\n",
        "  condition: sel\n", " and ", " or ", " not ", "1 of s*", "all of them", "them", "(", ")", "|contains", "|startswith", "|endswith", "|all", "|re", "|i", "|m", "|s", "|cidr", "|base64", "|base64offset", "|wide", "|utf16", "|utf16be",
        "|windash", "|cased", "|exists", "|fieldref", "|expand", "|gt", "|gte", "|lt", "|lte", "|neq", "|minute", "|hour", "|day", "|week", "|month", "|year", "[all]", "[any]", "*", "?", "\\", "\\\\", "\\*", "%p%", "null", "true", "1", "-1.5e3", "''", "\"\"",
        "F", "G", "F: ", "G: ", "    ", "  ", "\n", "\n  ", "\n    ", ": ", "- ", "[", "]", "{", "}", ", ", "#", "&a ", "*a", "<<: ", "!!str ", "|\n", ">-\n", "---\n", "...\n", "%YAML 1.2\n", "?", "\t", "é", "ſ", "İ", "\u212A", "\u2028", "\u0085", "\ufeff",
        "correlation:\n", "  type: event_count\n", "  rules: [n]\n", "  group-by: [F]\n", "  timespan: 5m\n", "  condition: { gte: 3 }\n", "filter:\n", "generate: true\n", "^", "$", ".*", "(?i)", "[a-z]+", "(a|b)", "\\d{2}", "(?=x)", "\\1", "10.0.0.0/8", "::/0", "2026-11-22T10:11:12Z",
    ];

    /// <summary>The inputs.</summary>
    public static IEnumerable<byte[]> All => Texts.Select(Encoding.UTF8.GetBytes);

    /// <summary>What mutations insert and put around parts.</summary>
    public static Vocabulary Vocabulary { get; } = Vocabulary.OfTexts(Words, ("[", "]"), ("{ ", " }"), ("'", "'"), ("\"", "\""), ("*", "*"), ("(", ")"), ("(?:", ")*"));
}
