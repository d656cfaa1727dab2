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
        "&a ", "*a", "!!str ", "!x ", "? ", "%", "@", "`", "\t", "\u0085", "\u2028", "\ufeff", "é", "a", "a: b", "\na: b", "\n    a: b\n", "~", "null", "<<: ", "...", "---", "=", ".", "-1", "--x", "title: t\n",
    ];

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

    [Theory]
    [InlineData("a: b\n", "1:1{1:1p<a>1:4p<b>}")]
    [InlineData("a:   'it''s'   # c\n", "1:1{1:1p<a>1:6q<it's>}")]
    [InlineData("\n  a: \"x\\\\y\"", "2:3{2:3p<a>2:6q<x\\y>}")]
    [InlineData("a:\n- b\n- c: d\n  e: f\n", "1:1{1:1p<a>2:1[2:3p<b>3:3{3:3p<c>3:6p<d>4:3p<e>4:6p<f>}]}")]
    [InlineData("a: b\n   c\n\n   d\n", "1:1{1:1p<a>1:4ps<b c\nd>}")]
    [InlineData("a: |\n  b\n\n   c \n\nd: e\n", "1:1{1:1p<a>1:4qs<b\n\n c \n>6:1p<d>6:4p<e>}")]
    [InlineData("a: >-\n  b\n  c\n\n\n  d\ne: f\n", "1:1{1:1p<a>1:4qs<b c\n\nd>7:1p<e>7:4p<f>}")]
    [InlineData("a|b: -1\n", "1:1{1:1p<a|b>1:6p<-1>}")]
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
    public void Anything_else_is_left_to_the_other(string text) => Assert.Null(PlainYaml.Read(new RuleDocument(1, text)));

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
