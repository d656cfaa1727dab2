using System.Text;
using Picket.Hocon;

namespace Picket.Spec.Hocon;

/// <summary>Texts that would exhaust stack, memory or time end in an error, on a small stack too.</summary>
public sealed class LimitsSpec
{
    public static TheoryData<string, string> Floods => new()
    {
        { "braces", Repeat("a{", 100_000) },
        { "brackets", "a=" + Repeat("[", 100_000) },
        { "path", "a" + Repeat(".a", 100_000) + "=1" },
        { "substituted path", "a=${a" + Repeat(".a", 100_000) + "}" },
        { "chain", Lines(5_000, i => $"a{i} = ${{a{i + 1}}}") + "a5000 = 1" },
        { "look back", "a = 1\n" + Lines(5_000, _ => "a = ${a}x") },
        { "doubling arrays", "a0 = [x, x]\n" + Lines(40, i => $"a{i + 1} = [${{a{i}}}, ${{a{i}}}]") },
        { "doubling joined arrays", "a0 = [x, x]\n" + Lines(40, i => $"a{i + 1} = ${{a{i}}} ${{a{i}}}") },
        { "doubling texts", "a0 = xx\n" + Lines(40, i => $"a{i + 1} = ${{a{i}}}${{a{i}}}") },
        { "doubling objects", "a0 { x = 1 }\n" + Lines(60, i => $"a{i + 1} {{ l = ${{a{i}}}, r = ${{a{i}}} }}") },
        { "doubling lookups", Lines(60, i => $"a{i} = ${{a{i + 1}}}\na{i} = ${{a{i + 1}}}") + "a60 { x = 1 }\nb = ${a0.y}" },
        { "unclosed quotes", Repeat("\"", 99_999) },
    };

    [Theory]
    [MemberData(nameof(Floods))]
    public void A_flood_ends_in_an_error(string name, string text)
    {
        Exception? thrown = null;
        var reader = new Thread(() => thrown = Record.Exception(() => ConfigurationFactory.ParseString(text, name).Resolve()), maxStackSize: 512 * 1024);
        reader.Start();
        Assert.True(reader.Join(TimeSpan.FromSeconds(60)), $"waited 60 s for the error of {name}");
        Assert.IsType<ConfigException>(thrown, exactMatch: false);
    }

    [Fact]
    public void Long_flat_documents_are_read()
    {
        var text = Lines(50_000, i => $"a.b.k{i} = {i}") + Lines(50_000, i => $"l += {i}") + "t = " + Repeat("w ", 50_000) + "\nj = " + Repeat("[1] ", 50_000)
            + "\no = " + Repeat("{x = 1} ", 50_000) + "\n" + Lines(50_000, _ => "s = ${?gone}");
        var config = ConfigurationFactory.ParseString(text).Resolve();
        Assert.Equal(49_999, config.GetInt("a.b.k49999"));
        Assert.Equal(50_000, config.GetIntList("l").Count);
        Assert.Equal(99_999, config.GetString("t")!.Length);
        Assert.Equal(50_000, config.GetIntList("j").Count);
        Assert.False(config.HasPath("s"));
    }

    [Fact]
    public void What_is_allowed_to_nest_can_be_rendered_and_listed()
    {
        var config = ConfigurationFactory.ParseString(Repeat("a{", 199) + "x=1" + Repeat("}", 199) + "\nb = ${" + string.Join('.', Enumerable.Repeat("a", 199)) + ".x}");
        Assert.Equal(1, config.GetInt("b"));
        Assert.Equal(2, config.Entries.Count());
        Assert.Equal(config.ToString(), ConfigurationFactory.ParseString(config.ToString()).ToString());
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));
}
