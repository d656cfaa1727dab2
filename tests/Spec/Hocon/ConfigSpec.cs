using Picket.Hocon;

namespace Picket.Spec.Hocon;

public sealed class ConfigSpec
{
    private static readonly Config Sample = ConfigurationFactory.ParseString(
        """
        text = hello
        number = 42
        huge = 3000000000
        float = 2.50
        whole = 2.0
        yes = on
        nothing = null
        "odd key" { "a.b" = 1 }
        list = [a, 1, true]
        numbered { "1" = b, "0" = a }
        servers = [ { port = 1 }, { port = x } ]
        section { empty {}, deep.leaf = 1 }
        """,
        "sample.conf");

    [Fact]
    public void Getters_give_the_typed_value()
    {
        Assert.Equal("hello", Sample.GetString("text"));
        Assert.Equal("2.50", Sample.GetString("float"));
        Assert.Equal(42, Sample.GetInt("number"));
        Assert.Equal(2, Sample.GetInt("whole"));
        Assert.Equal(3_000_000_000, Sample.GetLong("huge"));
        Assert.Equal(2.5, Sample.GetDouble("float"));
        Assert.Equal(2.5f, Sample.GetFloat("float"));
        Assert.Equal(2.50m, Sample.GetDecimal("float"));
        Assert.True(Sample.GetBoolean("yes"));
        Assert.Equal(1, Sample.GetInt("\"odd key\".\"a.b\""));
        Assert.Equal(["a", "1", "true"], Sample.GetStringList("list"));
        Assert.Equal(["a", "b"], Sample.GetStringList("numbered"));
        Assert.Equal(1, Sample.GetConfig("section")!.GetInt("deep.leaf"));
        Assert.Equal(2, Sample.GetConfigList("servers").Count);
    }

    [Fact]
    public void What_is_absent_or_null_gives_the_default()
    {
        Assert.False(Sample.HasPath("gone"));
        Assert.False(Sample.HasPath("nothing"));
        Assert.False(Sample.HasPath("text.below"));
        Assert.True(Sample.HasPath("section.empty"));
        Assert.Null(Sample.GetString("gone"));
        Assert.Equal("x", Sample.GetString("nothing", "x"));
        Assert.Equal(7, Sample.GetInt("gone", 7));
        Assert.Equal(TimeSpan.FromSeconds(1), Sample.GetTimeSpan("gone", TimeSpan.FromSeconds(1)));
        Assert.Null(Sample.GetByteSize("gone"));
        Assert.Null(Sample.GetConfig("gone"));
        Assert.Null(Sample.GetValue("gone"));
        Assert.Empty(Sample.GetStringList("gone"));
        Assert.Empty(Sample.GetConfigList("gone"));
    }

    [Fact]
    public void A_wrong_type_is_named_with_path_finding_and_place()
    {
        var error = Assert.Throws<ConfigException>(() => Sample.GetInt("text"));
        Assert.Equal("sample.conf:1:8: text is the string \"hello\"; expected a whole number", error.Message);
        Assert.Contains("section.deep", Assert.Throws<ConfigException>(() => Sample.GetConfig("section")!.GetString("deep")).Message, StringComparison.Ordinal);
        Assert.Contains("list[0]", Assert.Throws<ConfigException>(() => Sample.GetIntList("list")).Message, StringComparison.Ordinal);
        Assert.Throws<ConfigException>(() => Sample.GetInt("huge"));
        Assert.Throws<ConfigException>(() => Sample.GetLong("float"));
        Assert.Throws<ConfigException>(() => Sample.GetBoolean("number"));
        Assert.Throws<ConfigException>(() => Sample.GetStringList("text"));
        Assert.Throws<ConfigException>(() => Sample.GetConfig("list"));
        Assert.Throws<ConfigException>(() => Sample.GetString("a..b"));
        Assert.Equal(11, Assert.Throws<ConfigException>(() => Sample.GetConfigList("servers")[1].GetInt("port")).Origin.Line);
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("10ms", 10)]
    [InlineData("1.5 s", 1_500)]
    [InlineData("\" 2 minutes \"", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("1d", 86_400_000)]
    [InlineData("500us", 0.5)]
    [InlineData("250000ns", 0.25)]
    [InlineData("1e2 millis", 100)]
    [InlineData("infinite", -1)]
    [InlineData("Infinite", -1)]
    [InlineData("1ns", 0)]
    [InlineData("60ns", 0.0001)]
    [InlineData("1.23456789 s", 1234.5679)]
    public void Durations_have_units(string text, double milliseconds) =>
        Assert.Equal((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond), ConfigurationFactory.ParseString($"d = {text}").GetTimeSpan("d").Ticks);

    [Theory]
    [InlineData("10S")]
    [InlineData("s")]
    [InlineData("10 parsecs")]
    [InlineData("-1s")]
    [InlineData("99999999999d")]
    [InlineData("[1]")]
    [InlineData("\"\"")]
    public void What_is_no_duration_is_refused(string text) =>
        Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString($"d = {text}").GetTimeSpan("d"));

    [Theory]
    [InlineData("512", 512)]
    [InlineData("1B", 1)]
    [InlineData("1kB", 1_000)]
    [InlineData("1K", 1_024)]
    [InlineData("1k", 1_024)]
    [InlineData("2 KiB", 2_048)]
    [InlineData("10 megabytes", 10_000_000)]
    [InlineData("1.5Mi", 1_572_864)]
    [InlineData("1GiB", 1_073_741_824)]
    [InlineData("3 tebibytes", 3_298_534_883_328)]
    [InlineData("2kilobyte", 2_000)]
    [InlineData("7 e", 8_070_450_532_247_928_832)]
    [InlineData("1e3", 1_000)]
    [InlineData("1e3kB", 1_000_000)]
    [InlineData("-1k", -1_024)]
    public void Sizes_have_units(string text, long bytes) =>
        Assert.Equal(bytes, ConfigurationFactory.ParseString($"s = {text}").GetByteSize("s"));

    [Theory]
    [InlineData("1KB")]
    [InlineData("1 apples")]
    [InlineData("0.3B")]
    [InlineData("1YiB")]
    public void What_is_no_size_is_refused(string text) =>
        Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString($"s = {text}").GetByteSize("s"));

    [Fact]
    public void Periods_have_units()
    {
        var config = ConfigurationFactory.ParseString("a = 3, b = 2w, c = 6 months, d = 1y, e = 1.5d, f = 1s");
        Assert.Equal(new ConfigPeriod(0, 0, 3), config.GetPeriod("a"));
        Assert.Equal(new ConfigPeriod(0, 0, 14), config.GetPeriod("b"));
        Assert.Equal(new ConfigPeriod(0, 6, 0), config.GetPeriod("c"));
        Assert.Equal(new ConfigPeriod(1, 0, 0), config.GetPeriod("d"));
        Assert.Throws<ConfigException>(() => config.GetPeriod("e"));
        Assert.Throws<ConfigException>(() => config.GetPeriod("f"));
    }

    [Fact]
    public void Entries_are_the_leaves_with_their_places()
    {
        var config = ConfigurationFactory.ParseString("a { b = 1\n  \"c.d\" = [1, 2] }\ne {}\na.b =  2", "f").WithValue("g.h", "x", "-o g.h");
        Assert.Equal(
            [
                ("a.b", "f:4:8", "f:4:1"),
                ("a.\"c.d\"", "f:2:11", "f:2:3"),
                ("e", "f:3:3", "f:3:1"),
                ("g.h", "-o g.h:1:1", "-o g.h"),
            ],
            config.Entries.Select(entry => (entry.Path, entry.Origin.ToString(), entry.KeyOrigin.ToString())));
    }

    [Fact]
    public void An_overlay_is_one_value_and_errors_name_it()
    {
        Assert.Equal("""{"a":{"b":[1,2]}}""", Config.Empty.WithValue("a.b", " [1, 2] ").ToString());
        Assert.Equal("""{"a":"x:y = 1"}""", Config.Empty.WithText("a", "x:y = 1").ToString());
        var error = Assert.Throws<ConfigException>(() => Config.Empty.WithValue("a", "1\nb = 2", "-o a"));
        Assert.StartsWith("-o a:2:1: ", error.Message, StringComparison.Ordinal);
        Assert.Throws<ConfigException>(() => Config.Empty.WithValue("a..b", "1"));
        Assert.Throws<ConfigException>(() => Config.Empty.WithValue("a", ""));
    }

    [Fact]
    public void Json_is_sorted_and_stable()
    {
        var json = ConfigRenderer.ToJson(ConfigurationFactory.ParseString("b = [], a { d = 1.50, c = \"é\\u0001<\" }"), indented: true);
        Assert.Equal("{\n  \"a\": {\n    \"c\": \"é\\u0001<\",\n    \"d\": 1.50\n  },\n  \"b\": []\n}", json);
        Assert.Equal("[1,2]", ConfigRenderer.ToJson(ConfigurationFactory.ParseString("[1, 2]"), indented: false));
    }

    [Theory]
    [InlineData("sensors.ebpf.rnig-size", "sensors.ebpf.ring-size")]
    [InlineData("ring-size", "sensors.ebpf.ring-size")]
    [InlineData("Alerts.File", "alerts.file")]
    [InlineData("alerts.fil", "alerts.file")]
    [InlineData("something.else", null)]
    [InlineData("", null)]
    public void The_nearest_key_is_suggested(string unknown, string? nearest) =>
        Assert.Equal(nearest, NearestKey.Suggest(unknown, ["alerts.file", "alerts.fifo", "sensors.ebpf.ring-size"]));
}
