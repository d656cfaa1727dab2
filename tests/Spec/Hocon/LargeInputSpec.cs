using System.Text;
using Picket.Fuzz;
using Picket.Fuzz.Targets;
using Picket.Hocon;

namespace Picket.Spec.Hocon;

/// <summary>Reading, resolving and writing twice as much takes about twice as many steps, counted and not timed.</summary>
public sealed class LargeInputSpec
{
    private static readonly TargetContext Counted = new(new HoconTarget(), withDefect: false);
    private static readonly Lock OneAtATime = new();

    public static TheoryData<string> Shapes => [.. Makers.Keys];

    private static Dictionary<string, Func<int, string>> Makers { get; } = new()
    {
        ["flat keys"] = n => Lines(n, i => $"key-{i} = {i}"),
        ["keys as paths"] = n => Lines(n, i => $"a.b.c{i % 10}.k{i} = \"{i}\""),
        ["appends"] = n => Lines(n, i => $"list += {i}"),
        ["objects in a list"] = n => "a = [\n" + Lines(n, i => $"{{ id = {i}, name = n{i} }}") + "]",
        ["references to one key"] = n => "base { k = 1 }\n" + Lines(n, i => $"a{i} = ${{base.k}}"),
        ["references to each key"] = n => Lines(n, i => $"a{i} = ${{b{i}}}") + Lines(n, i => $"b{i} = {i}"),
        ["children of one base"] = n => "base { a = 1, b { c = ${x} } }, x = 1\n" + Lines(n, i => $"a{i} = ${{base}} {{ d = {i} }}"),
        ["references into a joined object"] = n =>
            "base {\n" + Lines(100, i => $"k{i} = {i}") + "}\nwhole = ${base} { x = 1 }\n" + Lines(n, i => $"a{i} = ${{whole.k{i % 100}}}"),
        ["references into an object that is set twice"] = n =>
            "base {\n" + Lines(100, i => $"k{i} = {i}") + "}\nwhole = ${base}\nwhole { x = 1 }\n" + Lines(n, i => $"a{i} = ${{whole.k{i % 100}}}"),
        ["values beside each other"] = n => "a = " + Repeat("w ", n) + "\nb = " + Repeat("[1] ", n) + "\nc = " + Repeat("{x = 1} ", n),
        ["escapes"] = n => "a = \"" + Repeat("\\u0041\\n", n) + "\"",
        ["comments"] = n => Lines(n, i => $"# comment {i}\n// and another") + "a = 1",
        ["a key set again and again"] = n => Lines(n, i => $"a = {i}") + Lines(n, i => $"o {{ k{i % 7} = {i} }}") + Lines(n, _ => "u = ${?gone}"),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Twice_the_input_takes_twice_the_steps(string shape)
    {
        var ratio = (double)Steps(Makers[shape](4_000)) / Steps(Makers[shape](2_000));
        Assert.InRange(ratio, 1.2, 2.3);
    }

    [Fact]
    public void Ten_megabytes_and_a_hundred_thousand_keys_are_read()
    {
        var value = new string('v', 60);
        var text = new StringBuilder("top { x = 1 }\n");
        for (var i = 0; i < 100_000; i++) text.Append(null, $"section-{i % 100}.group-{i % 1_000} {{ key-{i} = \"{value}\", ref = ${{top.x}} }}\n");
        Assert.InRange(text.Length, 10_000_000, 16_000_000);
        var config = ConfigurationFactory.ParseString(text.ToString()).Resolve();
        Assert.Equal(value, config.GetString("section-99.group-999.key-99999"));
        Assert.Equal(1, config.GetInt("section-0.group-0.ref"));
        Assert.Equal(101_001, config.Entries.Count());
        Assert.Equal(config.ToString(), ConfigurationFactory.ParseString(config.ToString()).ToString());
    }

    private static long Steps(string text)
    {
        lock (OneAtATime)
        {
            Counted.Coverage.Begin(long.MaxValue);
            Assert.Null(Counted.Check(Encoding.UTF8.GetBytes(text)));
            return Counted.Coverage.Taken(long.MaxValue);
        }
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();

    private static string Lines(int count, Func<int, string> line) => string.Concat(Enumerable.Range(0, count).Select(i => line(i) + "\n"));
}
