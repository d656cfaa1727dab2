using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Spec.Sigma;

/// <summary>The reader of plain YAML against the one for all YAML: where the first does not give up, both read the same at the same places.</summary>
public sealed class PlainYamlSpec
{
    private static readonly string[] Seeds =
    [
        "title: t\nid: 5b0c7e0e-52ea-4be7-9c0f-6f0c8d5c2b11\nstatus: test\ntags:\n    - attack.t1059\n    - 'a''b'\nlogsource:\n    product: x\ndetection:\n    sel:\n        Image|endswith:\n"
            + "            - '\\cmd.exe'\n            - \"\\\\b\\\"\\n\"\n        F: null\n    condition: sel and\n        not other\nlevel: high\n",
        "# c\ntitle: long\n  text that goes on\n\n  and on # c\ndescription: |\n    first\n\n      more\n    last\n\ndate: 2026-11-22\nfolded: >-\n  a\n  b\n\n  c\nlist:\n- a\n- k: v\n  l: w\n-\n  m: n\n",
        "a:\n  - b: 'x y' # c\n    c:\n    - d\n    - e\n  - f:g\n  - http://h/i#j\nk: 1\n'l': \"m\"\n",
    ];

    private static readonly string[] Pieces =
    [
        " ", "  ", "    ", "\n", "\n\n", "\n  ", "\n    ", ":", ": ", " :", "- ", "-", "\n- ", "\n  - ", "#", " # c", "'", "''", "\"", "\\", "\\\"", "|", "|\n", "|-\n", "|+\n", "|2\n", ">", ">-\n", "> \n", "[", "]", "[a, b]", "{", "}", "{a: b}", ",",
        "&a ", "*a", "!!str ", "!x ", "? ", "%", "@", "`", "\t", "\u0085", "\u2028", "\ufeff", "é", "a", "a: b", "\na: b", "\n    a: b\n", "~", "null", "<<: ", "...", "---", "=", ".", "-1", "--x", "title: t\n", "\n# c\n", "\n  # c\n", "\n\t",
    ];

    private static readonly byte[] Signs = [.. " \n\t:-#'\"|>\\&*!?[]{},%@`~<.=a0\r\0"u8];

    [Fact]
    public void Every_rule_of_SigmaHQ_is_read_alike_and_nearly_all_are_plain()
    {
        var issues = new IssueList("");
        int all = 0, plain = 0;
        foreach (var file in Directory.EnumerateFiles(Corpora.Require("sigma-rules"), "*.yml", SearchOption.AllDirectories))
        {
            foreach (var document in DocumentSplitter.Split(Encoding.UTF8.GetString(RuleFiles.Read(file, issues)!)))
            {
                all++;
                if (PlainYaml.Read(document) is not { } root) continue;
                plain++;
                Assert.True(Show(YamlTree.ReadAny(document)!) == Show(root), file);
            }
        }

        Assert.True(all > 3700 && plain > all * 0.97, $"{plain} of {all} documents are plain");
    }

    [Fact]
    public void Whatever_is_done_to_a_text_it_is_read_alike_or_not_at_all()
    {
        var (read, refused) = (0, 0);
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var text = new StringBuilder(Seeds[random.Next(Seeds.Length)]);
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                var at = random.Next(text.Length + 1);
                if (random.Next(3) == 0) text.Remove(at, Math.Min(random.Next(1, 6), text.Length - at));
                else text.Insert(at, Pieces[random.Next(Pieces.Length)]);
            }

            foreach (var document in DocumentSplitter.Split(text.ToString()))
            {
                if (PlainYaml.Read(document) is not { } root)
                {
                    refused++;
                    continue;
                }

                read++;
                Assert.True(ReadAny(document) == Show(root), $"{ReadAny(document)}\n--- but plain:\n{Show(root)}\n--- of\n{document.Text}");
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(20_000));
        Assert.True(read > 1000 && refused > 1000, $"{read} were read, {refused} refused");
    }

    /// <summary>What people mistype in rules of their own; a long run (PICKET_LONG=1) goes through the corpora again and again.</summary>
    [Fact]
    public void Rules_of_the_corpora_with_a_few_bytes_changed_are_read_alike_or_not_at_all()
    {
        var files = ((string[])["sigma-rules", "sigma-tests"])
            .SelectMany(corpus => Directory.EnumerateFiles(Corpora.Require(corpus), "*.y*ml", SearchOption.AllDirectories)).Order(StringComparer.Ordinal)
            .Select(File.ReadAllBytes).Where(bytes => bytes.Length < 20_000).ToList();
        var random = new Random(20261122);
        var (read, refused) = (0, 0);
        for (var round = Environment.GetEnvironmentVariable("PICKET_LONG") == "1" ? 100 * files.Count : 3_000; round > 0; round--)
        {
            var text = Encoding.UTF8.GetString(Changed(files[random.Next(files.Count)], random));
            foreach (var document in DocumentSplitter.Split(text))
            {
                if (PlainYaml.Read(document) is not { } root)
                {
                    refused++;
                    continue;
                }

                read++;
                var (expected, actual) = (ReadAny(document), Show(root));
                Assert.True(expected == actual, $"{expected}\n--- but plain:\n{actual}\n--- of\n{document.Text}");
            }
        }

        Assert.True(read > 800 && refused > 800, $"{read} were read, {refused} refused");
    }

    [Theory]
    [InlineData("a: b\n", "1:1{1:1p<a>1:4p<b>}")]
    [InlineData("a:   'it''s'   # c\n", "1:1{1:1p<a>1:6q<it's>}")]
    [InlineData("\n  a: \"x\\\\y\"", "2:3{2:3p<a>2:6q<x\\y>}")]
    [InlineData("a:\n- b\n- c: d\n  e: f\n", "1:1{1:1p<a>2:1[2:3p<b>3:3{3:3p<c>3:6p<d>4:3p<e>4:6p<f>}]}")]
    [InlineData("a: b\n   c\n\n   d\n", "1:1{1:1p<a>1:4ps<b c\nd>}")]
    [InlineData("a: |\n  b\n\n   c \n\nd: e\n", "1:1{1:1p<a>1:4qs<b\n\n c \n>6:1p<d>6:4p<e>}")]
    [InlineData("a: >-\n  b\n  c\n\n\n  d\ne: f\n", "1:1{1:1p<a>1:4qs<b c\n\nd>7:1p<e>7:4p<f>}")]
    [InlineData("a|b: -1\n", "1:1{1:1p<a|b>1:6p<-1>}")]
    [InlineData("-a: .b\n.c: -d\n", "1:1{1:1p<-a>1:5p<.b>2:1p<.c>2:5p<-d>}")]
    [InlineData("a: \"b\\tc\\\\\"\n", "1:1{1:1p<a>1:4q<b\tc\\>}")]
    [InlineData("a: b\n\n\n  c\n# d\ne: f\n", "1:1{1:1p<a>1:4ps<b\n\nc>6:1p<e>6:4p<f>}")]
    public void What_rules_are_written_in_is_plain(string text, string tree)
    {
        var document = new RuleDocument(1, text);

        Assert.Equal(tree, Show(PlainYaml.Read(document)!));
        Assert.Equal(tree, ReadAny(document));
    }

    [Theory]
    [InlineData("a: [b]\n")]
    [InlineData("a: {b: c}\n")]
    [InlineData("a: &b c\n")]
    [InlineData("a: *b\n")]
    [InlineData("a: !!str 1\n")]
    [InlineData("a: b: c\n")]
    [InlineData("a: b\na: c\n")]
    [InlineData("a: 'b\n  c'\n")]
    [InlineData("a: |+\n  b\n")]
    [InlineData("a:\n")]
    [InlineData("a: b\n c: d\n")]
    [InlineData("\ta: b\n")]
    [InlineData("- a\n")]
    [InlineData("a: \"\\x41\"\n")]
    [InlineData("")]
    [InlineData("\ufeffa: b\n")]
    [InlineData("a: b\n\tc: d\n")]
    [InlineData("a: b\n\t")]
    [InlineData("a:\n  - b\n \t- c\n")]
    [InlineData("a: b\n  # c\n  d\n")]
    [InlineData("a: b # c\n  d\n")]
    [InlineData("a: |x y\n  b\n")]
    [InlineData("a: | # c\n  b\n")]
    [InlineData("a: |2\n  b\n")]
    [InlineData("a: |\n  b\n    \n  c\n")]
    [InlineData("a: |\n   \n  b\n")]
    [InlineData("a: |\n  b\n\tc\n")]
    [InlineData("a: |\n  b\n \tc: d\n")]
    public void Anything_else_is_left_to_the_other(string text) => Assert.Null(PlainYaml.Read(new RuleDocument(1, text)));

    /// <summary>What is long, wide or deep is left to the other, whose own bounds lie beyond.</summary>
    [Theory]
    [InlineData("length", 99_990, 100_010)]
    [InlineData("keys", 60, 70)]
    [InlineData("key", 500, 520)]
    [InlineData("mappings", 20, 40)]
    [InlineData("lists", 20, 40)]
    public void Beyond_its_bounds_nothing_is_plain(string what, int least, int most)
    {
        var read = new List<bool>();
        for (var size = least; size <= most; size++)
        {
            var text = what switch
            {
                "length" => $"a: {new string('b', size - 4)}\n",
                "keys" => string.Concat(Enumerable.Range(0, size).Select(i => $"k{i}: v\n")),
                "key" => $"{new string('k', size)}: v\n",
                "mappings" => string.Concat(Enumerable.Range(0, size).Select(i => $"{new string(' ', i)}a:\n")) + new string(' ', size) + "a: b\n",
                _ => "a:\n" + string.Concat(Enumerable.Range(0, size).Select(i => $"{new string(' ', i)}-\n")) + new string(' ', size) + "- b\n",
            };
            var document = new RuleDocument(1, text);
            var root = PlainYaml.Read(document);
            if (root is not null) Assert.Equal(ReadAny(document), Show(root));
            read.Add(root is not null);
        }

        Assert.True(read[0] && !read[^1], string.Join(' ', read));
        Assert.Equal(read.OrderDescending(), read);
    }

    private static byte[] Changed(byte[] bytes, Random random)
    {
        var changed = new List<byte>(bytes);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(changed.Count);
            var end = changed.IndexOf((byte)'\n', at);
            switch (random.Next(7))
            {
                case 0:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    changed[at] = Signs[random.Next(Signs.Length)];
                    break;
                case 2:
                    changed.Insert(at, Signs[random.Next(Signs.Length)]);
                    break;
                case 3:
                    changed.RemoveRange(at, Math.Min(random.Next(1, 4), changed.Count - at));
                    break;
                case 4 when end >= 0:
                    changed.InsertRange(end + 1, Enumerable.Repeat((byte)' ', random.Next(1, 5)));
                    break;
                case 5 when end >= 0 && end + 1 < changed.Count && changed[end + 1] == ' ':
                    changed.RemoveAt(end + 1);
                    break;
                case 6 when end >= 0:
                    // The rest of a line goes, or comes again behind it.
                    if (random.Next(2) == 0) changed.RemoveRange(at, end - at);
                    else changed.InsertRange(end + 1, changed.GetRange(at, end + 1 - at));
                    break;
            }

            if (changed.Count == 0) return [(byte)'a'];
        }

        return [.. changed];
    }

    private static string ReadAny(RuleDocument document)
    {
        try
        {
            return YamlTree.ReadAny(document) is { } root ? Show(root) : "nothing";
        }
        catch (RuleException failure)
        {
            return failure.Message;
        }
    }

    private static string Show(YamlNode node) => string.Create(CultureInfo.InvariantCulture, $"{node.At.Line}:{node.At.Column}") + node switch
    {
        YamlNode.Scalar scalar => $"{(scalar.Plain ? 'p' : 'q')}{(scalar.Spans ? "s" : "")}<{scalar.Text}>",
        YamlNode.Listing list => $"[{string.Concat(list.Items.Select(Show))}]",
        YamlNode.Mapping map => $"{{{string.Concat(map.Pairs.Select(pair => Show(pair.Key) + Show(pair.Value)))}}}",
        _ => throw new InvalidOperationException(node.Shape),
    };
}
