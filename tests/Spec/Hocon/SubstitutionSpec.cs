using Picket.Hocon;

namespace Picket.Spec.Hocon;

public sealed class SubstitutionSpec
{
    [Theory]
    [InlineData("a = ${b}, b = 1, b = 2", """{"a":2,"b":2}""")]
    [InlineData("a = \"x\"${?gone}y, b = ${?gone}", """{"a":"xy"}""")]
    [InlineData("p = [1], p = ${p} [2], p = 0 , p = ${p}1", """{"p":"01"}""")]
    [InlineData("foo : { a : { c : 1 } }, foo : ${foo.a}, foo : { a : 2 }", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("b = ${a}, a = 1, a = ${b}", """{"a":1,"b":1}""")]
    [InlineData("base { host = local, url = \"http://\"${svc.host} }, svc = ${base}", """{"base":{"host":"local","url":"http://local"},"svc":{"host":"local","url":"http://local"}}""")]
    [InlineData("base { p = [1] }, c = ${base}, c { p = ${c.p} [2] }", """{"base":{"p":[1]},"c":{"p":[1,2]}}""")]
    [InlineData("d { n = 1 }, e = ${d} { m = 2 }, e.n = 3", """{"d":{"n":1},"e":{"m":2,"n":3}}""")]
    [InlineData("a = ${?a}, b = ${?c}, c = ${?b}", "{}")]
    [InlineData("a = [ ${x}, ${?y} ], x = { z = ${a2} }, a2 = 1", """{"a":[{"z":1}],"a2":1,"x":{"z":1}}""")]
    [InlineData("a = ${b} ${c}, b = { x = 1 }, c = { y = ${b.x} }", """{"a":{"x":1,"y":1},"b":{"x":1},"c":{"y":1}}""")]
    [InlineData("a = ${b}, b = null", """{"a":null,"b":null}""")]
    public void Substitutions_resolve_to(string text, string json) =>
        Assert.Equal(json, ConfigRenderer.ToJson(ConfigurationFactory.ParseString(text), indented: false));

    [Theory]
    [InlineData("x = 1\na = ${gone.b}", 2, 5, "${gone.b} is not defined")]
    [InlineData("a = ${a}", 1, 5, "itself")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}", 3, 5, "itself")]
    [InlineData("a = { b = ${a} }", 1, 11, "itself")]
    [InlineData("a = [${a}]", 1, 6, "itself")]
    [InlineData("b = [1]\na = x${b}", 2, 5, "joined")]
    public void A_substitution_that_cannot_be_is_named_at_its_place(string text, int line, int column, string word)
    {
        var config = ConfigurationFactory.ParseString(text, "my.conf");
        var error = Assert.ThrowsAny<ConfigException>(() => config.Resolve());
        Assert.Contains(word, error.Reason, StringComparison.Ordinal);
        Assert.Equal(new ConfigOrigin("my.conf", line, column), error.Origin);
    }

    [Fact]
    public void The_fallback_and_the_overlay_resolve_as_one()
    {
        var reference = ConfigurationFactory.ParseString("dir = /var, log = ${dir}/log, list = [1], s { a = 1, b = 2 }");
        var user = ConfigurationFactory.ParseString("dir = /opt, list = ${list} [2], list += 3, s { b = 3 }");
        var whole = user.WithFallback(reference).WithValue("s.a", "${s.b}", "-o s.a");
        Assert.Equal("""{"dir":"/opt","list":[1,2,3],"log":"/opt/log","s":{"a":3,"b":3}}""", whole.ToString());
        Assert.Equal("""{"dir":"/var","list":[1],"log":"/var/log","s":{"a":1,"b":2}}""", reference.ToString());
    }

    [Fact]
    public void A_fallback_does_not_show_through_a_value_that_is_no_object()
    {
        var top = ConfigurationFactory.ParseString("a : { x : 1 }");
        var middle = ConfigurationFactory.ParseString("a : 42");
        var bottom = ConfigurationFactory.ParseString("a : { y : 2 }");
        Assert.Equal("""{"a":{"x":1}}""", top.WithFallback(middle).WithFallback(bottom).ToString(includeFallback: true));
        Assert.Equal("""{"a":{"x":1}}""", top.WithFallback(middle.WithFallback(bottom)).ToString(includeFallback: true));
        Assert.Equal("""{"a":{"x":1,"y":2}}""", top.WithFallback(bottom).WithFallback(middle).ToString(includeFallback: true));
    }

    [Fact]
    public void The_environment_is_asked_for_what_the_document_leaves_open()
    {
        var config = ConfigurationFactory.ParseString("a = ${HOME}, b = 1, b = ${?NONE}, c = ${?b}, HOME2 = null, d = ${HOME2}");
        var resolved = config.Resolve(name => name is "HOME" or "b" or "HOME2" ? $"<{name}>" : null);
        Assert.Equal("""{"HOME2":null,"a":"<HOME>","b":1,"c":1,"d":null}""", resolved.ToString());
        Assert.Throws<ConfigException>(() => config.Resolve());
    }

    [Fact]
    public void A_resolved_configuration_keeps_its_values_under_an_overlay()
    {
        var resolved = ConfigurationFactory.ParseString("a = 1, b = ${a}").Resolve();
        Assert.Equal("""{"a":2,"b":1}""", resolved.WithValue("a", "2").ToString());
    }
}
