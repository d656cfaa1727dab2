using Picket.Hocon;

namespace Picket.Spec.Hocon;

public sealed class SyntaxSpec
{
    [Theory]
    [InlineData("", "{}")]
    [InlineData("a = 1, b : \"x\\u0041\\n\"", """{"a":1,"b":"xA\n"}""")]
    [InlineData("a.b.c = 1\na { b.d = 2 }", """{"a":{"b":{"c":1,"d":2}}}""")]
    [InlineData("a b \"c.d\" = x y  z # comment", """{"a b c.d":"x y  z"}""")]
    [InlineData("3.14 = pi, \"\".x = 1", """{"":{"x":1},"3":{"14":"pi"}}""")]
    [InlineData("a = [1, 2\n3,\n]\n// end", """{"a":[1,2,3]}""")]
    [InlineData("a = [1] [2] , b = {x=1} {y=2}", """{"a":[1,2],"b":{"x":1,"y":2}}""")]
    [InlineData("a = [[1] [2]\n [3]]", """{"a":[[1,2],[3]]}""")]
    [InlineData("a = {x=1}, a = null, a = {y=2}", """{"a":{"y":2}}""")]
    [InlineData("a = \"\"\"x \"y\" \\n\"\"\"\"", """{"a":"x \"y\" \\n\""}""")]
    [InlineData("a = truefoo, b = 10s, c = -x, d = nullable", """{"a":"truefoo","b":"10s","c":"-x","d":"nullable"}""")]
    [InlineData("a = 01, b = 1., c = -0.50, d = 1E5", """{"a":1,"b":1.0,"c":-0.50,"d":1E5}""")]
    [InlineData("a =\u00a0x\u00a0\ufeff", """{"a":"x"}""")]
    [InlineData("a = [${b.0}] , b.0 = x", """{"a":["x"],"b":{"0":"x"}}""")]
    [InlineData("a = [x] {\"1\" : z, \"0\" : y}", """{"a":["x","y","z"]}""")]
    [InlineData("a += 1\na += [2]\na = ${a} [3]", """{"a":[1,[2],3]}""")]
    [InlineData("{ \"include\" : 1, foo include : 2 }", """{"foo include":2,"include":1}""")]
    public void Text_reads_as(string text, string json) =>
        Assert.Equal(json, ConfigRenderer.ToJson(ConfigurationFactory.ParseString(text), indented: false));

    [Theory]
    [InlineData("a = 1\nb = ]", 2, 5, "']'")]
    [InlineData("a {\n  b = 1\n", 1, 3, "never closed")]
    [InlineData("a = [1,\n2", 1, 5, "never closed")]
    [InlineData("a = 1\n  b 2", 2, 6, "\"b 2\"")]
    [InlineData("a = \"x", 1, 5, "closing quote")]
    [InlineData("a = \"x\ny\"", 1, 7, "newline")]
    [InlineData("a = \"\\q\"", 1, 6, "escape")]
    [InlineData("a = \"\"\"x", 1, 5, "triple")]
    [InlineData("a = http://x:9", 1, 9, "':'")]
    [InlineData("a = x*", 1, 6, "'*'")]
    [InlineData("a = $x", 1, 5, "${path}")]
    [InlineData("a = ${x", 1, 5, "never closed")]
    [InlineData("a = ${}", 1, 7, "path")]
    [InlineData("a..b = 1", 1, 3, "empty key")]
    [InlineData("a. = 1", 1, 4, "empty key")]
    [InlineData(".a = 1", 1, 1, "empty key")]
    [InlineData("a,,b", 1, 2, "','")]
    [InlineData("a = [1,,2]", 1, 8, "comma")]
    [InlineData("a = x {b = 1}", 1, 5, "joined")]
    [InlineData("a = [1] {b = 1}", 1, 9, "joined")]
    [InlineData("include foo", 1, 9, "include")]
    [InlineData("include url(\"http://x\")", 1, 1, "URL")]
    [InlineData("include required(\"gone\")", 1, 1, "not found")]
    [InlineData("a = [ { b += 1 } ]", 1, 9, "list")]
    [InlineData("{} x", 1, 4, "root")]
    [InlineData("a = \"\\ud800\"", 1, 5, "surrogate")]
    public void A_fault_is_named_at_its_place(string text, int line, int column, string word)
    {
        var error = Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString(text, "my.conf"));
        Assert.Equal(new ConfigOrigin("my.conf", line, column), error.Origin);
        Assert.StartsWith($"my.conf:{line}:{column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(word, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_named_at_its_place()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString("a = \ud83d\ude00\ud800"));
        Assert.Equal("text:1:7", error.Origin.ToString());
    }
}
