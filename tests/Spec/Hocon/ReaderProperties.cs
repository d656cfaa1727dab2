using FsCheck;
using FsCheck.Fluent;
using Picket.Hocon;

namespace Picket.Spec.Hocon;

public sealed class ReaderProperties
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", "\"", "\"\"\"", "a", "b", "c", ".", ":", "=", "+=", "${", "${?", "${a}", "${?a.b}", "${b}", "${c}", "a=", "b:", "c=", "a.b=",
        ",", "\n", "\n", " ", " ", "#", "//", "include ", "\"x\"", "1", "0", "-", "e5", "true", "null", "\\", "\\u00", "é", "\ufeff", "\r", "*", "required(", ")",
    ];

    private static readonly FsCheck.Config Settings = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(20_000).WithEndSize(60);

    [Fact]
    public void Arbitrary_text_gives_a_value_or_a_placed_error() =>
        Check.One(Settings, Prop.ForAll(ArbMap.Default.ArbFor<string?>(), (string? text) => ReadsOrFailsWithPlace(text ?? "")));

    [Fact]
    public void Arbitrary_tokens_give_a_value_or_a_placed_error() =>
        Check.One(Settings, Prop.ForAll(Arb.From(Gen.Elements(Tokens).ListOf().Select(string.Concat)), ReadsOrFailsWithPlace));

    [Fact]
    public void What_is_rendered_reads_back_as_the_same()
    {
        Check.One(Settings.WithMaxTest(5_000), Prop.ForAll(Arb.From(Gen.Elements(Tokens).ListOf().Select(string.Concat)), text =>
        {
            if (Render(text) is not { } json) return true;
            return ConfigRenderer.ToJson(ConfigurationFactory.ParseString(json), indented: true) == json;
        }));
        Check.One(Settings.WithMaxTest(5_000), Prop.ForAll(Arb.From(Objects(3)), json => JsonTree.Equal(Render(json)!, json)));
    }

    [Fact]
    public void A_path_reads_back_as_its_keys() =>
        Check.One(Settings.WithMaxTest(5_000), Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<string?>>(), keys =>
        {
            var wanted = keys.Get.Select(key => Clean(key ?? "")).Take(100).ToArray();
            return ConfigPath.Parse(ConfigPath.Format(wanted)).SequenceEqual(wanted);
        }));

    [Fact]
    public void Merging_is_associative() =>
        Check.One(Settings.WithMaxTest(5_000), Prop.ForAll(Arb.From(Objects(2)), Arb.From(Objects(2)), Arb.From(Objects(2)), (a, b, c) =>
        {
            var (x, y, z) = (ConfigurationFactory.ParseString(a), ConfigurationFactory.ParseString(b), ConfigurationFactory.ParseString(c));
            return x.WithFallback(y).WithFallback(z).ToString(true) == x.WithFallback(y.WithFallback(z)).ToString(true);
        }));

    private static bool ReadsOrFailsWithPlace(string text)
    {
        try
        {
            ConfigRenderer.ToJson(ConfigurationFactory.ParseString(text, "t"), indented: false);
            return true;
        }
        catch (ConfigException e)
        {
            return e.Origin is { Source: "t", Line: > 0, Column: > 0 };
        }
    }

    private static string? Render(string text)
    {
        try
        {
            return ConfigRenderer.ToJson(ConfigurationFactory.ParseString(text), indented: true);
        }
        catch (ConfigException)
        {
            return null;
        }
    }

    private static Gen<string> Objects(int depth) =>
        from keys in Gen.Elements("a", "b", "c", "d e", "").ListOf().Resize(6)
        from values in Values(depth).ListOf(keys.Count)
        select "{" + string.Join(",", keys.Zip(values).DistinctBy(pair => pair.First).Select(pair => $"{Quote(pair.First)}:{pair.Second}")) + "}";

    private static Gen<string> Values(int depth)
    {
        var simple = Gen.OneOf(
            Gen.Elements("null", "true", "false", "0", "-1", "1.50", "-2e-3", "12345678901234567890", "1E+400"),
            ArbMap.Default.GeneratorFor<string?>().Resize(20).Select(text => Quote(text ?? "")));
        return depth == 0
            ? simple
            : Gen.OneOf(simple, Objects(depth - 1), Values(depth - 1).ListOf().Resize(4).Select(items => "[" + string.Join(",", items) + "]"));
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(Clean(text));

    private static string Clean(string text) => string.Concat(text.Where(c => !char.IsSurrogate(c)));
}
