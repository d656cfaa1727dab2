using Picket.Hocon;

namespace Picket.Spec.Hocon;

/// <summary>Code as Akka.NET's users write it against its Config compiles and gets what it gets there.</summary>
public sealed class AkkaConfigSpec
{
    private static readonly Config Sample = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = DEBUG
          stdout-loglevel = " x "
          actor { provider = cluster, throughput = " 30 ", ask-timeout = infinite, "a.b" { c = 1 } }
          deployment { "/user/*/worker" { nr = 5 }, /parent/child.nr = 6 }
          remote { port = "+4053", size = 128000b, empty-size = "", ratio = 0.1, level = 200, on = on }
          lists { b = [on, false], n = [1, 2], f = [1.5, 2], s = [a, b], none = [] }
        }
        """);

    [Fact]
    public void Values_are_got_by_path()
    {
        Config akka = Sample.GetConfig("akka")!;
        Assert.Equal("DEBUG", akka.GetString("loglevel"));
        Assert.Equal(30, akka.GetInt("actor.throughput"));
        Assert.Equal(4053, akka.GetInt("remote.port"));
        Assert.Equal(200, akka.GetByte("remote.level"));
        Assert.Equal(7, akka.GetByte("remote.gone", 7));
        Assert.Equal(0.1f, akka.GetFloat("remote.ratio"));
        Assert.Equal(0.1m, akka.GetDecimal("remote.ratio"));
        Assert.True(akka.GetBoolean("remote.on"));
        Assert.Equal(Timeout.InfiniteTimeSpan, akka.GetTimeSpan("actor.ask-timeout"));
        Assert.Throws<ConfigException>(() => akka.GetTimeSpan("actor.ask-timeout", null, false));
        Assert.Equal(TimeSpan.FromSeconds(3), akka.GetTimeSpan("gone", TimeSpan.FromSeconds(3), allowInfinite: false));
        Assert.Equal(128_000, akka.GetByteSize("remote.size"));
        Assert.Null(akka.GetByteSize("remote.empty-size", 1));
        Assert.Equal(1, akka.GetByteSize("remote.gone", def: 1));
        Assert.Equal(1, akka.GetInt("actor.\"a.b\".c"));
        Assert.Equal(5, akka.GetInt("deployment.\"/user/*/worker\".nr"));
        Assert.Equal(5, akka.GetInt("deployment./user/*/worker.nr"));
        Assert.Equal(6, akka.GetInt("deployment./parent/child.nr"));
        Assert.False(akka.HasPath("deployment.http://x:1/y"));
        Assert.Throws<ConfigException>(() => akka.GetByte("remote.port"));
        Assert.Throws<ConfigException>(() => akka.GetFloat("loglevel"));
        Assert.Throws<ConfigException>(() => ((Config)"a = 1e300").GetFloat("a"));
        // By way of a double this would be rounded to one.
        Assert.Equal(1.00000012f, ((Config)"a = 1.000000059604644775390626").GetFloat("a"));
    }

    [Fact]
    public void Lists_are_lists()
    {
        Config lists = Sample.GetConfig("akka.lists")!;
        AcceptsList(lists.GetStringList("s"));
        var strings = lists.GetStringList("s");
        strings.Add("c");
        Assert.Equal(2, lists.GetStringList("s").Count);
        Assert.Equal(["x"], lists.GetStringList("gone", new[] { "x" }));
        Assert.Equal(["a", "b"], lists.GetStringList("s", ["x"]));
        Assert.Empty(lists.GetStringList("none", ["x"]));
        Assert.Null(lists.GetStringList("gone", null));
        Assert.Equal([1, 2], lists.GetIntList("n"));
        Assert.Equal([1L, 2L], lists.GetLongList("n"));
        Assert.Equal(new byte[] { 1, 2 }, lists.GetByteList("n"));
        Assert.Equal([1.5, 2], lists.GetDoubleList("f"));
        Assert.Equal([1.5f, 2f], lists.GetFloatList("f"));
        Assert.Equal([1.5m, 2m], lists.GetDecimalList("f"));
        Assert.Equal([true, false], lists.GetBooleanList("b"));
        Assert.Empty(lists.GetIntList("gone"));

        static void AcceptsList(IList<string> list) => Assert.Equal(["a", "b"], list);
    }

    [Fact]
    public void Texts_and_configurations_add_up_to_fallbacks()
    {
        Config first = "a = 1";
        Config second = "a = 2, b = 2";
        var both = first.WithFallback(second);
        Assert.Equal(2, both.GetInt("b"));
        Assert.Equal("""{"a":1}""", both.ToString());
        Assert.Equal("""{"a":1,"b":2}""", both.ToString(includeFallback: true));
        Assert.Same(second, both.Fallback);
        Assert.Null(first.Fallback);
        Assert.Equal(2, (first + "a = 2, b = 2").GetInt("b"));
        Assert.Equal(3, ("a = 3" + second).GetInt("a"));
        Assert.Equal(2, new Config(first, second).GetInt("b"));
        Assert.Same(first, first.WithFallback(null));
        Assert.Throws<ArgumentException>(() => first.WithFallback(first));
        Config? none = null;
        Assert.Same(second, none.SafeWithFallback(second));
        Assert.Same(second, second.SafeWithFallback(second));
        Assert.Same(second, second.SafeWithFallback(null));
        Assert.Equal(1, first.SafeWithFallback(second).GetInt("a"));
        Assert.True(none.IsNullOrEmpty());
        Assert.True(new Config().IsNullOrEmpty());
        Assert.True(ConfigurationFactory.Empty.IsEmpty);
        Assert.True(ConfigurationFactory.Empty.WithFallback(ConfigurationFactory.Empty).IsEmpty);
        Assert.False(first.IsNullOrEmpty());
    }

    [Fact]
    public void Own_values_show_through_objects_of_the_fallback_only_where_they_are_written()
    {
        Config own = "s { a = 1, t { b = 1 } }, x = ${y}, z = ${?gone}";
        var both = own.WithFallback("s { c = 2, t { d = 2 } }, y = 2");
        Assert.Equal("""{"s":{"a":1,"t":{"b":1}},"x":2}""", both.ToString());
        Assert.Equal("""{"a":1,"c":2,"t":{"b":1,"d":2}}""", both.GetConfig("s")!.ToString());
    }

    [Fact]
    public void Values_are_walked()
    {
        Assert.Equal(["akka"], Sample.AsEnumerable().Select(pair => pair.Key));
        var root = Sample.Root;
        Assert.True(root.IsObject() && !root.IsEmpty);
        var akka = root.GetObject()!.GetKey("akka")!.GetObject()!;
        Assert.Equal("DEBUG", akka.Items["loglevel"].GetString());
        Assert.Equal(["b", "n", "f", "s", "none"], akka.Items["lists"].GetObject()!.Items.Keys);
        Assert.Null(akka.GetKey("gone"));
        var remote = Sample.GetValue("akka.remote")!.GetObject()!.Items;
        Assert.Equal(4053, remote["port"].GetInt());
        Assert.Equal(4053L, remote["port"].GetLong());
        Assert.Equal(200, remote["level"].GetByte());
        Assert.Equal(0.1, remote["ratio"].GetDouble());
        Assert.Equal(0.1f, remote["ratio"].GetFloat());
        Assert.Equal(0.1m, remote["ratio"].GetDecimal());
        Assert.Equal(128_000, remote["size"].GetByteSize());
        Assert.True(remote["on"].GetBoolean());
        var lists = akka.Items["lists"].GetObject()!.Items;
        Assert.True(lists["s"].IsArray() && lists["s"].GetArray()[0].IsString());
        Assert.Equal(["a", "b"], lists["s"].GetStringList());
        Assert.Equal([1, 2], lists["n"].GetIntList());
        Assert.Equal([1L, 2L], lists["n"].GetLongList());
        Assert.Equal(new byte[] { 1, 2 }, lists["n"].GetByteList());
        Assert.Equal([1.5, 2], lists["f"].GetDoubleList());
        Assert.Equal([1.5f, 2f], lists["f"].GetFloatList());
        Assert.Equal([1.5m, 2m], lists["f"].GetDecimalList());
        Assert.Equal([true, false], lists["b"].GetBooleanList());
        Assert.Equal(Timeout.InfiniteTimeSpan, Sample.GetValue("akka.actor.ask-timeout")!.GetTimeSpan());
        Assert.Equal("""{"x":[1,2]}""", lists["n"].AtKey("x").ToString());
        Assert.Equal("[1,2]", lists["n"].ToString());
        Assert.Equal(" x ", akka.Items["stdout-loglevel"].ToString());
        Assert.Null(((Config)"a = null").GetValue("a"));
        Assert.Null(((Config)"a = null").Root.GetObject()!.Items["a"].GetString());
        Assert.Equal("the value is an array; expected a string", Assert.Throws<ConfigException>(() => lists["n"].GetString()).Reason);
    }

    [Fact]
    public void An_object_becomes_a_configuration()
    {
        var config = ConfigurationFactory.FromObject(new { akka = new { loglevel = "INFO", sizes = new[] { 1, 2 }, on = true, none = (string?)null } });
        Assert.Equal("INFO", config.GetString("akka.loglevel"));
        Assert.Equal([1, 2], config.GetIntList("akka.sizes"));
        Assert.True(config.GetBoolean("akka.on"));
        Assert.False(config.HasPath("akka.none"));
        Assert.Equal(2, ConfigurationFactory.FromObject(new Dictionary<string, object> { ["a.b"] = 2 }).GetInt("\"a.b\""));
    }

    [Fact]
    public void Getters_fall_back_to_the_environment_and_resolving_asks_only_whom_it_is_told()
    {
        var name = Environment.GetEnvironmentVariables().Keys.Cast<string>().Order(StringComparer.Ordinal).First(key => key == "PATH");
        Config config = $"path = ${{{name}}}, own = ${{?PICKET_SPEC_UNSET}}";
        Assert.Equal(Environment.GetEnvironmentVariable(name), config.GetString("path"));
        Assert.False(config.HasPath("own"));
        Assert.Throws<ConfigException>(() => config.Resolve());
        Assert.Equal("x", config.Resolve(asked => asked == name ? "x" : null).GetString("path"));
        Assert.Equal("", config.Resolve(_ => "").GetString("path"));
        Assert.Null(((Config)$"{name} = null, path = ${{{name}}}").GetString("path"));
    }
}
