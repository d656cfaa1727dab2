using System.Text;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Diagnostics;

namespace Picket.Spec.Sigma;

/// <summary>Each modifier and value form, through the engine and its twin.</summary>
public sealed class ModifierSpec
{
    [Theory]
    [InlineData("F: foo", "foo", true)]
    [InlineData("F: foo", "FOO", true)]
    [InlineData("F: foo", "food", false)]
    [InlineData("F: foo", "", false)]
    [InlineData("F: ''", "", true)]
    [InlineData("F: ''", "x", false)]
    [InlineData("F: '*'", "", true)]
    [InlineData("F: '?'", "", false)]
    [InlineData("F: '?*'", "x", true)]
    [InlineData("F: fo*", "foobar", true)]
    [InlineData("F: '*bar'", "foobar", true)]
    [InlineData("F: 'f*b?r'", "foo-bur", true)]
    [InlineData("F: 'f*b?r'", "foo-br", false)]
    [InlineData("F: 'a*b*c'", "abcbc", true)]
    [InlineData("F: 'ab*ba'", "aba", false)]
    [InlineData("F: '*a?'", "xaxa", false)]
    [InlineData("F: '*a?'", "xaxay", true)]
    [InlineData("F: 'f?o'", "féo", true)]
    [InlineData("F: 'f??o'", "féo", false)]
    [InlineData("F: '*??'", "中", false)]
    [InlineData("F: 'Ärger'", "äRGER", true)]
    [InlineData("F: 'ſTRASSE'", "strasse", true)]
    [InlineData("F: '\u212A'", "k", true)]
    [InlineData("F: 'ΣΊΣΥΦΟΣ'", "σίσυφος", true)]
    [InlineData("F: 'ⱥ'", "Ⱥ", true)]
    [InlineData("F: 'i'", "İ", false)]
    [InlineData("F: 'ı'", "i", false)]
    [InlineData("F: 4624", "4624", true)]
    [InlineData("F: 4624", "14624", false)]
    [InlineData("F: true", "TRUE", true)]
    [InlineData("F: 'null'", "null", true)]
    [InlineData("F: 0x10", "0X10", true)]
    [InlineData("F:\n    - a\n    - b", "B", true)]
    [InlineData("F:\n    - a\n    - b", "c", false)]
    public void Plain_values(string item, string value, bool fires) => Assert.Equal(fires, Fires.Item(item).On(("F", value)));

    [Theory]
    [InlineData(@"C:\Windows\*", @"c:\windows\x", false)]
    [InlineData(@"C:\Windows\*", @"c:\windows*", true)]
    [InlineData(@"C:\Windows\\*", @"c:\windows\x", true)]
    [InlineData(@"C:\Windows\\x", @"c:\windows\x", true)]
    [InlineData(@"C:\Windows\x", @"c:\windows\x", true)]
    [InlineData(@"a\\\*b", @"a\*b", true)]
    [InlineData(@"a\\\*b", @"a\xb", false)]
    [InlineData(@"a\\\\b", @"a\\b", true)]
    [InlineData(@"a\\\b", @"a\\b", true)]
    [InlineData(@"a\?b", "a?b", true)]
    [InlineData(@"a\?b", "axb", false)]
    [InlineData(@"a\", @"a\", true)]
    [InlineData(@"a\\", @"a\", true)]
    [InlineData(@"\\\\host\\share", @"\\host\share", true)]
    [InlineData(@"\\*\c$\x", @"\srv\c$\x", true)]
    public void Escapes(string pattern, string value, bool fires) => Assert.Equal(fires, Fires.Item($"F: '{pattern}'").On(("F", value)));

    [Theory]
    [InlineData("F|contains: oo", "foobar", true)]
    [InlineData("F|contains: oo", "fobar", false)]
    [InlineData("F|contains: ''", "anything", true)]
    [InlineData("F|contains: 'o*b'", "fooxbar", true)]
    [InlineData("F|contains: '*oo'", "foobar", true)]
    [InlineData("F|contains: 12", "a123", true)]
    [InlineData("F|startswith: FOO", "foobar", true)]
    [InlineData("F|startswith: bar", "foobar", false)]
    [InlineData("F|endswith: BAR", "foobar", true)]
    [InlineData("F|endswith: foo", "foobar", false)]
    [InlineData("F|startswith|endswith: oba", "foobar", true)]
    [InlineData("F|cased: Foo", "Foo", true)]
    [InlineData("F|cased: Foo", "foo", false)]
    [InlineData("F|contains|cased: Oo", "fOobar", true)]
    [InlineData("F|cased|contains: Oo", "foobar", false)]
    [InlineData("F|contains|all:\n    - a\n    - b", "xbxa", true)]
    [InlineData("F|contains|all:\n    - a\n    - b", "xax", false)]
    [InlineData("F|neq: foo", "bar", true)]
    [InlineData("F|neq: foo", "FOO", false)]
    [InlineData("F|neq:\n    - a\n    - b", "b", false)]
    [InlineData("F|contains|neq: oo", "foo", false)]
    [InlineData("F|neq: 5", "6", true)]
    public void Placing_and_joining(string item, string value, bool fires) => Assert.Equal(fires, Fires.Item(item).On(("F", value)));

    [Theory]
    [InlineData("F|re: 'f.o'", "xfoo", true)]
    [InlineData("F|re: 'f.o'", "FOO", false)]
    [InlineData("F|re|i: 'f.o'", "FOO", true)]
    [InlineData("F|re: '^a.b$'", "a\nb", false)]
    [InlineData("F|re|s: '^a.b$'", "a\nb", true)]
    [InlineData("F|re: '^b$'", "a\nb", false)]
    [InlineData("F|re|m: '^b$'", "a\nb", true)]
    [InlineData("F|re|i|m|s: '^B.c'", "a\nb\nc", true)]
    [InlineData("F|re: '(foo|bar)+baz'", "xxbarbaz", true)]
    [InlineData("F|re: '(foo|bar)?baz'", "xxbaz", true)]
    [InlineData("F|re: '(?=.*x)y'", "yx", true)]
    [InlineData("F|re: '(a)\\1'", "aa", true)]
    [InlineData("F|re|i: 'invoke'", "\u0130nvoke INVOKE", true)]
    [InlineData("F|re|startswith: 'o+'", "foo", false)]
    [InlineData("F|re|endswith: 'o+'", "foo", true)]
    [InlineData("F|re|endswith: 'f|b'", "fb!", false)]
    [InlineData("F|re|contains: 'o+'", "foo!", true)]
    [InlineData("F|re: 'a\\.b'", "axb", false)]
    [InlineData("F|re: 'x{2,3}y'", "xxy", true)]
    [InlineData("F|re: 'é'", "café", true)]
    public void Regular_expressions(string item, string value, bool fires) => Assert.Equal(fires, Fires.Item(item).On(("F", value)));

    [Theory]
    [InlineData("-enc", true)]
    [InlineData("/enc", true)]
    [InlineData("–enc", true)]
    [InlineData("—enc", true)]
    [InlineData("―enc", true)]
    [InlineData("_enc", false)]
    public void Windash_takes_every_dash(string value, bool fires) => Assert.Equal(fires, Fires.Item("F|windash: '-enc'").On(("F", value)));

    [Theory]
    [InlineData("ps -a /b-c", true)]
    [InlineData("ps /a -b-c", true)]
    [InlineData("ps /a -b/c", false)]
    public void Windash_turns_only_what_starts_a_word_and_in_all_combinations(string value, bool fires) =>
        Assert.Equal(fires, Fires.Item("F|windash|contains: ' -a /b-c'").On(("F", value)));

    [Fact]
    public void Base64_is_that_of_the_whole_value()
    {
        var rule = Fires.Item("F|base64|contains: foobar");

        Assert.True(rule.On(("F", "x " + Convert.ToBase64String("foobar"u8))));
        Assert.False(rule.On(("F", Convert.ToBase64String("xfoobar"u8))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("xy")]
    [InlineData("xyz")]
    public void Base64offset_is_found_wherever_the_value_starts(string before)
    {
        var rule = Fires.Item("F|base64offset|contains: 'http://évil'");

        Assert.True(rule.On(("F", Convert.ToBase64String(Encoding.UTF8.GetBytes(before + "http://évil and more")))));
        Assert.False(rule.On(("F", Convert.ToBase64String(Encoding.UTF8.GetBytes(before + "http://good and more")))));
    }

    [Theory]
    [InlineData("wide", "63006D006400")]
    [InlineData("utf16le", "63006D006400")]
    [InlineData("utf16be", "0063006D0064")]
    [InlineData("utf16", "FFFE63006D006400")]
    public void Utf16_forms_are_bytes(string modifier, string hex)
    {
        var bytes = Convert.FromHexString(hex);

        Assert.True(Fires.Item($"F|{modifier}: cmd").On(SigmaEvents.OfBytes(("F", bytes))));
        Assert.True(Fires.Item($"F|{modifier}|base64offset|contains: cmd").On(("F", Convert.ToBase64String([1, .. bytes]))));
        Assert.False(Fires.Item($"F|{modifier}: cmd").On(("F", "cmd")));
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_match_byte_by_byte()
    {
        byte[] value = [(byte)'A', 0xFF, 0xC3, (byte)'B', (byte)'c', 0xE4, 0xB8];

        Assert.True(Fires.Item("F: 'a????c??'").On(SigmaEvents.OfBytes(("F", value))) is false);
        Assert.True(Fires.Item("F: 'a??bc??'").On(SigmaEvents.OfBytes(("F", value))));
        Assert.True(Fires.Item("F|contains: BC").On(SigmaEvents.OfBytes(("F", value))));
        Assert.True(Fires.Item("F|startswith|cased: A").On(SigmaEvents.OfBytes(("F", value))));
        Assert.True(Fires.Item("F|re: 'A.+Bc'").On(SigmaEvents.OfBytes(("F", value))));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "11.1.2.3", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.0.0.0/8", "010.1.2.3", false)]
    [InlineData("10.0.0.0/8", "10.1.2", false)]
    [InlineData("10.0.0.0/8", "10.1.2.3 ", false)]
    [InlineData("192.168.1.7", "192.168.1.7", true)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "8.8.8.8", false)]
    [InlineData("::1/128", "::1", true)]
    [InlineData("fe80::/10", "fe80::1:2", true)]
    [InlineData("fe80::/10", "fec0::1", false)]
    [InlineData("fe80::/10", "fe80::1%12", true)]
    [InlineData("fe80::/10", "FE80:0000:0000:0000:0202:B3FF:FE1E:8329%enp0s31f6", true)]
    [InlineData("10.0.0.0/8", "10.1.2.3%1", false)]
    [InlineData("2001:db8::/32", "2001:0DB8:0:0:0:0:0:1", true)]
    [InlineData("2001:db8::/32", "2001:db8", false)]
    [InlineData("::ffff:10.0.0.0/104", "10.9.9.9", true)]
    public void Networks(string network, string address, bool fires) =>
        Assert.Equal(fires, Fires.Item($"F|cidr: '{network}'").On(("F", address)));

    [Theory]
    [InlineData("lt", "9", true)]
    [InlineData("lt", "10", false)]
    [InlineData("lte", "10.0", true)]
    [InlineData("lte", "10.5", false)]
    [InlineData("gt", "1e2", true)]
    [InlineData("gt", "10", false)]
    [InlineData("gte", "10", true)]
    [InlineData("gte", "-11", false)]
    [InlineData("gte", "eleven", false)]
    [InlineData("gte", "", false)]
    public void Numbers(string modifier, string value, bool fires) => Assert.Equal(fires, Fires.Item($"F|{modifier}: 10").On(("F", value)));

    [Theory]
    [InlineData("minute", 34, "2026-11-21T12:34:56Z", true)]
    [InlineData("hour", 12, "2026-11-21 12:34:56.123", true)]
    [InlineData("hour", 13, "2026-11-21 12:34:56.123", false)]
    [InlineData("hour", 0, "2026-11-21", false)]
    [InlineData("day", 21, "2026-11-21", true)]
    [InlineData("week", 47, "2026-11-21T00:00:00+02:00", true)]
    [InlineData("month", 11, "2026-11-21", true)]
    [InlineData("year", 2026, "2026-11-21", true)]
    [InlineData("year", 2026, "2026-13-21", false)]
    [InlineData("year", 2026, "today", false)]
    [InlineData("hour|gte", 12, "2026-11-21 13:00", true)]
    public void Parts_of_dates(string modifier, int number, string value, bool fires) =>
        Assert.Equal(fires, Fires.Item($"F|{modifier}: {number}").On(("F", value)));

    [Fact]
    public void Null_is_an_absent_field_or_a_null_and_not_an_empty_text()
    {
        var rule = Fires.Item("F: null");

        Assert.True(rule.On(("G", "x")));
        Assert.True(rule.On(("F", null)));
        Assert.False(rule.On(("F", "")));
        Assert.False(Fires.Item("F: ''").On(("G", "x")));
        Assert.False(Fires.Item("F: '*'").On(("F", null)));
    }

    [Fact]
    public void Exists_asks_for_the_field_whatever_its_value()
    {
        Assert.True(Fires.Item("F|exists: true").On(("F", "")));
        Assert.True(Fires.Item("F|exists: true").On(("F", null)));
        Assert.False(Fires.Item("F|exists: true").On(("G", "x")));
        Assert.True(Fires.Item("F|exists: false").On(("G", "x")));
        Assert.False(Fires.Item("F|exists: false").On(("F", null)));
        Assert.True(Fires.Item("F|exists: yes").On(("F", null)));
        Assert.True(Fires.Item("F|exists: Off").On(("G", "x")));
        Assert.True(Fires.Item("F: yes").On(("F", "YES")));
    }

    [Theory]
    [InlineData("fieldref", "ABC", "abc", true)]
    [InlineData("fieldref", "abc", "abd", false)]
    [InlineData("fieldref|cased", "ABC", "abc", false)]
    [InlineData("fieldref|startswith", "abcd", "AB", true)]
    [InlineData("fieldref|endswith", "abcd", "CD", true)]
    [InlineData("fieldref|contains", "abcd", "bc", true)]
    [InlineData("fieldref|contains", "abcd", "x", false)]
    [InlineData("fieldref|neq", "abc", "abd", true)]
    [InlineData("fieldref|neq", "abc", "ABC", false)]
    public void Fields_compare_with_fields(string modifiers, string left, string right, bool fires) =>
        Assert.Equal(fires, Fires.Item($"F|{modifiers}: G").On(("F", left), ("G", right)));

    [Fact]
    public void A_field_that_is_absent_equals_no_other()
    {
        Assert.False(Fires.Item("F|fieldref: G").On(("F", "x")));
        Assert.False(Fires.Item("F|fieldref: G").On(("H", "x")));
    }

    [Fact]
    public void Of_several_values_of_a_field_one_must_match_or_with_all_each()
    {
        (string, string?)[] both = [("F", "xa"), ("F", "xb")];

        Assert.True(Fires.Item("F: xb").On(both));
        Assert.True(Fires.Item("F[any]: xb").On(both));
        Assert.False(Fires.Item("F[all]: xb").On(both));
        Assert.True(Fires.Item("F[all]|startswith: x").On(both));
        Assert.False(Fires.Item("F[all]|startswith: x").On(("G", "x")));
        Assert.True(Fires.Item("F|endswith|all:\n    - a\n    - b").On(both));
        Assert.True(Fires.Item("F[all]|endswith:\n    - a\n    - b").On(both));
        Assert.False(Fires.Item("F|neq: xa").On(both));
    }

    [Fact]
    public void Placeholders_stand_for_their_values_with_wildcards()
    {
        var options = new SigmaLoadOptions
        {
            Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["Servers"] = ["srv*", "db1"], ["Zone"] = ["eu", "us"] },
        };
        var rule = Fires.Item(@"F|expand: '\%x%Servers%.%Zone%'", options);

        Assert.True(rule.On(("F", "%xsrv77.EU")));
        Assert.True(rule.On(("F", "%xdb1.us")));
        Assert.False(rule.On(("F", "%xdb2.us")));
        Assert.True(Fires.Item("F: '%Servers%'", options).On(("F", "%servers%")));
    }

    [Fact]
    public void A_placeholder_without_values_is_a_warning_at_its_place()
    {
        var set = SigmaRuleSet.Parse(SigmaText.Rule("sel:\n  F|expand: '%Nobody%'\ncondition: sel"), "r.yml");

        Assert.Empty(set.Errors);
        var warning = Assert.Single(set.Warnings, warning => warning.Code == SigmaCodes.Placeholder);
        Assert.Equal((6, 15), (warning.Line, warning.Column));
        Assert.Contains("no values for %Nobody%; the rule takes no part until a pipeline gives them", warning.Message);
        Assert.True(Assert.Single(set.Rules).IsIdle);
    }

    [Theory]
    [InlineData("sel")]
    [InlineData("not sel")]
    [InlineData("other or sel")]
    [InlineData("other and not sel")]
    [InlineData("other and not 1 of s*")]
    [InlineData("other")]
    public void A_rule_with_a_placeholder_without_values_never_matches(string condition)
    {
        const string Detection = "other:\n    G: b\nsel:\n    F|expand: ['%Nobody%', x]\ncondition: ";
        var rule = Fires.Rule(Detection + condition);
        var filled = new SigmaLoadOptions { Placeholders = new Dictionary<string, IReadOnlyList<string>> { ["Nobody"] = ["y"] } };

        Assert.False(rule.On(("F", "%Nobody%"), ("G", "b")));
        Assert.False(rule.On(("F", "x"), ("G", "b")));
        Assert.False(rule.On(("G", "b")));
        Assert.False(rule.On());
        Assert.True(Fires.Rule(Detection + "sel", filled).On(("F", "x")));
    }

    [Fact]
    public void A_filter_with_a_placeholder_without_values_leaves_the_rule_alone()
    {
        const string Filter = """
            ---
            title: f
            logsource: { product: test }
            filter:
              rules: any
              known:
                F|expand: '%Nobody%'
              condition: not known
            """;

        var set = SigmaRuleSet.Parse(SigmaText.Rule("sel:\n  G: b\ncondition: sel") + Filter, "r.yml");

        Assert.Single(set.Warnings, warning => warning.Code == SigmaCodes.Placeholder && warning.Line == 14);
        Assert.True(Assert.Single(set.Rules).On(("G", "b")));
    }

    [Fact]
    public void Explanations_name_selection_field_and_value()
    {
        var rule = Fires.Rule("a:\n    F|contains: oo\n    G: null\nb:\n    - H: x\n    - word\nc:\n    F: never\ncondition: a and b and not c");
        var batch = SigmaEvents.Of(("F", "fOo"), ("H", "x"), ("I", "a word"));
        var engine = SigmaEngine.Build([rule]);

        var found = engine.Explain(rule, batch.View(0)).Select(match => (match.Selection, match.Field, match.Value)).Order();

        Assert.Equal([("a", "F", "fOo"), ("a", "G", "null"), ("b", "", "a word"), ("b", "H", "x")], found);
        Assert.Empty(engine.Explain(rule, SigmaEvents.Of(("F", "never")).View(0)));
    }
}
