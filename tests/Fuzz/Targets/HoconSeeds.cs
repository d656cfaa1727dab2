using System.Text;

namespace Picket.Fuzz.Targets;

/// <summary>What a search of the HOCON reader begins with: small texts that each show one part of the language, and its tokens.</summary>
internal static class HoconSeeds
{
    private static readonly string[] Texts =
    [
        "",
        "{}",
        "[1, 2\n3,]",
        "a = 1, b : \"x\\u0041\\n\"",
        "a.b.c = 1\na { b.d = 2 }",
        "a = [1] [2] , b = {x=1} {y=2}",
        "a = \"\"\"x \"y\" \\n\"\"\"\"",
        "a = 10s, b = 01, c = -0.50e3, d = true, e = null # comment",
        "a = ${b}, b = [${?c}] // comment",
        "p = [1], p = ${p} [2], q += 3",
        "base { x = 1 }, a = ${base} { y = ${base.x} }",
        "a = x ${?gone} y${b}, b = 2",
        "a = { \"0\" = x, \"1\" = y } [z]",
        "include \"1\"\na = 2\n%%\na = 1",
        "a { include \"1\" }\nb = 2\n%%\na = ${?b}",
        "include required(file(\"1.properties\"))\n%%\na.b=c\\u0041\n! comment\nd:e",
    ];

    private static readonly string[] Words =
    [
        "{", "}", "[", "]", "\"", "\"\"\"", "\\", "\\u", "\\n", ":", "=", "+=", ",", "\n", "\r\n", " ", "\t", "#", "//", ".", "$", "${", "${?", "}", "a", "b",
        "c", "a.b", "${a}", "${?a}", "${b}", "${a.b}", "${?c}", "a = ", "b : ", "c += ", "a { ", "a.b = ", "\"\"", "\"a.b\"", "0", "1", "-", "1e5", "0.5", "true",
        "false", "null", "10s", "1kB", "include ", "include \"1\"", "include \"2\"", "include \"1.properties\"", "required(", "file(", "classpath(", "url(",
        ")", "\n%%\n", "\ufeff", "\u00a0", "é", "😀", "infinite", "*", "?", "!", "[]", "{}",
    ];

    /// <summary>The texts to begin with.</summary>
    public static IEnumerable<byte[]> All => Texts.Select(Encoding.UTF8.GetBytes);

    /// <summary>What mutations insert and put around parts.</summary>
    public static Vocabulary Vocabulary { get; } = Vocabulary.OfTexts(Words, ("{", "}"), ("[", "]"), ("a { ", "\n}"), ("\"", "\""));
}
