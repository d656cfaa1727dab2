using System.Globalization;
using Picket.Hocon;

namespace Picket.Spec.Hocon;

/// <summary>What the specification says, section by section, in its harder corners. The expectations come from its text.</summary>
public sealed class SpecificationSpec
{
    [Theory]
    [InlineData("a = \"x//y#z\" // c\n# d = 1\nb = x#c\nc = y//d", """{"a":"x//y#z","b":"x","c":"y"}""")]
    [InlineData("//\n#\n{ a = 1 } // after\n#", """{"a":1}""")]
    [InlineData("\ufeffa = 1", """{"a":1}""")]
    [InlineData("a = 1\r\nb = x y\r\nc = [1\r\n2]\r\n", """{"a":1,"b":"x y","c":[1,2]}""")]
    [InlineData("a = \"\"\"1\r\n2\"\"\"", "{\"a\":\"1\\r\\n2\"}")]
    [InlineData("[1\n2\n3]", "[1,2,3]")]
    [InlineData("[1,2,3,\n]", "[1,2,3]")]
    [InlineData("{a:1,b:2,}", """{"a":1,"b":2}""")]
    [InlineData("a\u3000=\u2003x\u202fy\u00a0", "{\"a\":\"x\u202fy\"}")]
    [InlineData("a\u000b=\u001c1\u001f", """{"a":1}""")]
    [InlineData("a = x\u2028y", "{\"a\":\"x\u2028y\"}")]
    [InlineData("a = x\u0085y", "{\"a\":\"x\u0085y\"}")]
    public void Comments_commas_and_white_space(string text, string json) => Same(json, text);

    [Theory]
    [InlineData("foo { a = 42 }, foo { b = 43 }", """{"foo":{"a":42,"b":43}}""")]
    [InlineData("foo { a = 42 }, foo = null, foo { b = 43 }", """{"foo":{"b":43}}""")]
    [InlineData("foo { a { x = 1, y = 1 } }, foo.a { y = 2 }, foo.a.z = 3", """{"foo":{"a":{"x":1,"y":2,"z":3}}}""")]
    [InlineData("a = { b = 1 }, a = [2], a = { c = 3 }", """{"a":{"c":3}}""")]
    [InlineData("a = [1], a = [2]", """{"a":[2]}""")]
    [InlineData("a.b = 1, a = 2, a.c = 3", """{"a":{"c":3}}""")]
    public void Duplicate_keys_merge_two_at_a_time(string text, string json) => Same(json, text);

    [Theory]
    [InlineData("a = footrue, b = truefoo, c = 10.0bar, d = bar10.0, e = nullnull", """{"a":"footrue","b":"truefoo","c":"10.0bar","d":"bar10.0","e":"nullnull"}""")]
    [InlineData("a = 1.2.3, b = .5, c = 1e5 x, d = 1.0 2.0, e = 0x1F", """{"a":"1.2.3","b":".5","c":"1e5 x","d":"1.0 2.0","e":"0x1F"}""")]
    [InlineData("a = x-y_z/1%|<>~;'(), b = /usr/bin", """{"a":"x-y_z/1%|<>~;'()","b":"/usr/bin"}""")]
    [InlineData("a = \"\"\"foo\"\"\"\", b = \"\"\"\"\"\", c = \"\"\"\"\"\"\"\", d = \"\"\"\\u0041\"\"\"", """{"a":"foo\"","b":"","c":"\"\"","d":"\\u0041"}""")]
    [InlineData("a = \"x\"  \"y\", b = \"\" \"\", c = \" x \"", """{"a":"x  y","b":" ","c":" x "}""")]
    [InlineData("a = true false, b = null x, c = true, d = null", """{"a":"true false","b":"null x","c":true,"d":null}""")]
    [InlineData("a = \"\\ud83d\\ude00\\/\\b\\f\\r\\t\"", "{\"a\":\"😀/\\b\\f\\r\\t\"}")]
    [InlineData("{\"a\":[1,-2.5e-3,0.0,1E400,{}],\"b\":{\"c\":null,\"\":[[]]}}", """{"a":[1,-2.5e-3,0.0,1E400,{}],"b":{"":[[]],"c":null}}""")]
    public void Strings_and_numbers(string text, string json) => Same(json, text);

    [Theory]
    [InlineData("10.0foo = 1, foo10.0 = 2, foo\"10.0\" = 3", """{"10":{"0foo":1},"foo10":{"0":2},"foo10.0":3}""")]
    [InlineData("1.2.3 = x", """{"1":{"2":{"3":"x"}}}""")]
    [InlineData("true = 42, null = 1, 3 = 2", """{"3":2,"null":1,"true":42}""")]
    [InlineData("a b c = 42, d . e = 1", """{"a b c":42,"d ":{" e":1}}""")]
    [InlineData("a.\"\".b = 1, \"\" = 2", """{"":2,"a":{"":{"b":1}}}""")]
    [InlineData("\"a.b\".c = 1, \"\\u0061\\nb\" = 2, \"\"\"d\"e\"\"\" = 3", """{"a\nb":2,"a.b":{"c":1},"d\"e":3}""")]
    [InlineData("ключ.键 = 1, 😀 = 2", """{"ключ":{"键":1},"😀":2}""")]
    [InlineData("foo include = 1, a = include, b = [ include ], include.x = 2, includes = 3", """{"a":"include","b":["include"],"foo include":1,"include":{"x":2},"includes":3}""")]
    [InlineData("a : { b : 1 }, c { d = 1 }, e\n= 2", """{"a":{"b":1},"c":{"d":1},"e":2}""")]
    public void Keys_are_paths(string text, string json) => Same(json, text);

    [Theory]
    [InlineData("a = [ my name is ${name}, Hello ${world} ]\nname = n, world = 1", """{"a":["my name is n","Hello 1"],"name":"n","world":1}""")]
    [InlineData("a = { b = 1 } { c = 2 }\nd = {\n x = 1\n} ${e}\ne = { x = 2 }", """{"a":{"b":1,"c":2},"d":{"x":2},"e":{"x":2}}""")]
    [InlineData("a = [1, 2] [3\n4], b = [ [1] [2]\n [3] ]", """{"a":[1,2,3,4],"b":[[1,2],[3]]}""")]
    [InlineData("x = [1], y = [2], a = ${x} ${y}, b = ${x}${y}, c = [${x} ${y}, ${x}]", """{"a":[1,2],"b":[1,2],"c":[[1,2],[1]],"x":[1],"y":[2]}""")]
    [InlineData("x = true, y = 1, z = null, a = ${x}${y}, b = ${x}, c = ${z}x", """{"a":"true1","b":true,"c":"nullx","x":true,"y":1,"z":null}""")]
    [InlineData("a = x${?gone}y, b = x ${?gone} y, c = ${?gone}${?lost}, d = [${?gone}, 1]", """{"a":"xy","b":"x  y","d":[1]}""")]
    [InlineData("a = ${?gone} { x = 1 }, b = [1] ${?gone}, c = ${?gone} ${?lost} [2]", """{"a":{"x":1},"b":[1],"c":[2]}""")]
    [InlineData("a = ${x} [3], x = { \"2\" = 2, \"0\" = 1, y = 9, \"-1\" = 8 }", """{"a":[1,2,3],"x":{"-1":8,"0":1,"2":2,"y":9}}""")]
    [InlineData("b = 1, c = 2, a = [x] { \"0\" = ${b}, \"0\" = ${?c}, \"1\" = ${?gone} }", """{"a":["x",2],"b":1,"c":2}""")]
    public void Values_beside_each_other(string text, string json) => Same(json, text);

    [Theory]
    [InlineData("a = ${\"x.y\".z}, b = ${ c d }, \"x.y\".z = 1, c d = 2", """{"a":1,"b":2,"c d":2,"x.y":{"z":1}}""")]
    [InlineData("a = \"${b}\", c = \"\"\"${b}\"\"\"", """{"a":"${b}","c":"${b}"}""")]
    [InlineData("a = 1, a = ${?gone}, b.c = 1, b = ${?gone}", """{"a":1,"b":{"c":1}}""")]
    [InlineData("bar { foo = 42, baz = ${bar.foo} }, bar { foo = 43 }", """{"bar":{"baz":43,"foo":43}}""")]
    [InlineData("bar { a = ${foo.d}, b = 1 }, bar.b = 3, foo { c = ${bar.b}, d = 2 }, foo.d = 4", """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [InlineData("a = ${b.c.d}, b = ${e}, e.c = ${f}, f { d = 7 }", """{"a":7,"b":{"c":{"d":7}},"e":{"c":{"d":7}},"f":{"d":7}}""")]
    [InlineData("foo = ${gone}, foo = 42, bar = { x = ${gone} }, bar = 1, baz = ${baz}, baz = 2", """{"bar":1,"baz":2,"foo":42}""")]
    [InlineData("a = [${b}], b = [${c}, ${c}], c { d = ${e} }, e = 1", """{"a":[[{"d":1},{"d":1}]],"b":[{"d":1},{"d":1}],"c":{"d":1},"e":1}""")]
    [InlineData("a { b = 1 }, a { c = ${a.b} }, a.b = 2", """{"a":{"b":2,"c":2}}""")]
    public void Substitutions_look_forward(string text, string json) => Same(json, text);

    [Theory]
    [InlineData("path = \"a:b\", path = ${path}\":c\", path = x:${path}", null)]
    [InlineData("path = \"a:b\", path = ${path}\":c\", path = \"x:\"${path}", """{"path":"x:a:b:c"}""")]
    [InlineData("a = ${?a}foo", """{"a":"foo"}""")]
    [InlineData("a = 1, a = ${?a}, a = ${a}", """{"a":1}""")]
    [InlineData("a = { x = 1 }, a = ${a} { y = 2 }, a = ${a} { x = ${a.y} }", """{"a":{"x":2,"y":2}}""")]
    [InlineData("p = [ /bin ], p = ${p} [ /usr/bin ], p += /opt, p = ${p} ${?gone}", """{"p":["/bin","/usr/bin","/opt"]}""")]
    [InlineData("a.b += 1, a { b += 2, c = ${a.b} }", """{"a":{"b":[1,2],"c":[1,2]}}""")]
    [InlineData("l += ${x}, l += [ ${x} ], x = { y = 1 }", """{"l":[{"y":1},[{"y":1}]],"x":{"y":1}}""")]
    [InlineData("foo = ${?foo}, a = ${?b}, b = ${?a}", "{}")]
    [InlineData("a = { b = { c = 1 } }, a.b = ${a.b} { d = 2 }, a = ${a} { e = 3 }", """{"a":{"b":{"c":1,"d":2},"e":3}}""")]
    [InlineData("x = 1, a = ${x}, a = ${a}2, b = ${a}", """{"a":"12","b":"12","x":1}""")]
    public void Self_references_look_back(string text, string? json)
    {
        if (json is null) Assert.Throws<ConfigException>(() => Json(text));
        else Same(json, text);
    }

    [Fact]
    public void Where_the_order_of_two_fields_decides_both_get_the_same()
    {
        var config = ConfigurationFactory.ParseString("a = 1, b = 2, a = ${b}, b = ${a}").Resolve();
        Assert.Equal(config.GetInt("a"), config.GetInt("b"));
    }

    [Theory]
    [InlineData("[,1]", 1, 2)]
    [InlineData("[1,,2]", 1, 4)]
    [InlineData("[1,2,,]", 1, 6)]
    [InlineData("{,a:1}", 1, 2)]
    [InlineData("{a:1,,b:2}", 1, 6)]
    [InlineData("a = 1\n}", 2, 1)]
    [InlineData("{ a = 1", 1, 1)]
    [InlineData("a = [1}", 1, 7)]
    [InlineData("x", 1, 2)]
    [InlineData("\"x\"", 1, 4)]
    [InlineData("1", 1, 2)]
    [InlineData("[1] [2]", 1, 5)]
    [InlineData("a = {b = 1}\n{c = 2}", 2, 1)]
    [InlineData("a = ${b..c}", 1, 9)]
    [InlineData("a = ${b ${c}}", 1, 9)]
    [InlineData("a = ${ ?b}", 1, 8)]
    [InlineData("a = ${b\n}", 1, 8)]
    [InlineData("a = $ {b}", 1, 5)]
    [InlineData("${a} = 1", 1, 1)]
    [InlineData("a.${b} = 1", 1, 3)]
    [InlineData("a = {b = 1} x", 1, 13)]
    [InlineData("a = [1] \" \" [2]", 1, 9)]
    [InlineData("include \"a\" \"b\"", 1, 13)]
    [InlineData("include ${x}", 1, 9)]
    [InlineData("include = 1", 1, 9)]
    [InlineData("include file(x)", 1, 14)]
    [InlineData("include required(\"x\"", 1, 21)]
    [InlineData("a = \"t\tb\"", 1, 7)]
    [InlineData("a = \"\\x\"", 1, 6)]
    [InlineData("a = \"\\u12\"", 1, 6)]
    [InlineData("a = `x", 1, 5)]
    [InlineData("a = x?", 1, 6)]
    [InlineData("a = x!y", 1, 6)]
    [InlineData("a = me@home", 1, 7)]
    [InlineData("a = ^x", 1, 5)]
    [InlineData("a = 1+2", 1, 6)]
    [InlineData("a = x\\y", 1, 6)]
    [InlineData("a*b = 1", 1, 2)]
    [InlineData("\ufeffa = ]", 1, 5)]
    [InlineData("a = 1\r\nb = ]", 2, 5)]
    public void What_is_not_allowed_is_named_at_its_place(string text, int line, int column)
    {
        var error = Assert.ThrowsAny<ConfigException>(() => ConfigurationFactory.ParseString(text, "my.conf").Resolve());
        Assert.Equal(new ConfigOrigin("my.conf", line, column), error.Origin);
        Assert.StartsWith(string.Create(CultureInfo.InvariantCulture, $"my.conf:{line}:{column}: "), error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a = 1, a += 2", 1, 8)]
    [InlineData("x = 1, a = [1] ${x}", 1, 16)]
    [InlineData("x { y = 1 }, a = ${x}z", 1, 22)]
    [InlineData("x { y = 1 }, a = ${x} [1]", 1, 18)]
    [InlineData("x = 1\na = ${x.y}", 2, 5)]
    [InlineData("foo = ${foo}, foo { a = 1 }", 1, 7)]
    public void What_cannot_be_resolved_is_named_at_its_place(string text, int line, int column)
    {
        var error = Assert.ThrowsAny<ConfigException>(() => ConfigurationFactory.ParseString(text, "my.conf").Resolve());
        Assert.Equal("my.conf", error.Origin.Source);
        Assert.Equal((line, column), (error.Origin.Line, error.Origin.Column));
    }

    [Fact]
    public void A_cycle_is_named_link_by_link()
    {
        Assert.EndsWith(
            ": ${b} (f:1:5) -> ${c} (f:2:5) -> ${a} (f:3:5) -> ${b}", Fault("a = ${b}\nb = ${c}\nc = ${a}").Message, StringComparison.Ordinal);
        Assert.EndsWith("a cycle of substitutions: ${a.c} (f:1:11) -> ${a.b} (f:1:26) -> ${a.c}", Fault("a { b = [ ${a.c} ], c = [${a.b}] }").Message, StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Range(0, 30).Select(i => $"a{i} = [ ${{a{(i + 1) % 30}}} ]\n"));
        Assert.Contains("... 18 more ...", Fault(many).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Very_long_keys_and_texts_are_read()
    {
        var key = new string('k', 200_000);
        var config = ConfigurationFactory.ParseString($"{key}.b = {key}\nc = ${{{key}.b}}");
        Assert.Equal(key, config.GetString($"{key}.b"));
        Assert.Equal(key, config.GetString("c"));
    }

    private static ConfigException Fault(string text) =>
        Assert.ThrowsAny<ConfigException>(() => ConfigurationFactory.ParseString(text, "f").Resolve());

    private static void Same(string json, string text) => Assert.True(JsonTree.Equal(json, Json(text)), $"{text}\nis       {Json(text)}\nexpected {json}");

    private static string Json(string text) => ConfigurationFactory.ParseString(text).Resolve().ToString();
}
