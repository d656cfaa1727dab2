using Picket.Hocon;

namespace Picket.Spec.Hocon;

/// <summary>Includes of resources and by callback, and reading a configuration from where an application has it.</summary>
public sealed class ResourceSpec : IDisposable
{
    private const string Main = "Hocon/Resources/main.conf";
    private const string Whole =
        """{"json":true,"name":"main","part":"main","root":{"leaf":1,"outer":"main","twice":"11"},"section":{"leaf":1,"outer":"main","twice":"11"}}""";

    private static readonly ConfigResources Tests = new([typeof(ResourceSpec).Assembly]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("picket-resources-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_resource_includes_what_lies_beside_it()
    {
        Assert.Equal(Whole, ConfigurationFactory.FromResource(Main, typeof(ResourceSpec).Assembly).ToString());
        Assert.Equal(Whole, ConfigurationFactory.FromResource<ResourceSpec>(Main).ToString());
        Assert.Equal(Whole, ConfigurationFactory.FromResource("/" + Main, this).ToString());
        Assert.Equal(Whole, ConfigurationFactory.FromResource(Main, typeof(ResourceSpec)).ToString());
        Assert.Equal(1, ("name = x" + ConfigurationFactory.FromResource("Picket.Spec.Hocon.Resources.sub.leaf.conf", this)).GetInt("leaf"));
    }

    [Fact]
    public void A_resource_that_is_missing_is_named_with_what_there_is()
    {
        var error = Assert.Throws<ConfigException>(() => ConfigurationFactory.FromResource("gone.conf", this));
        Assert.StartsWith("resource gone.conf: Picket.Spec has no such resource", error.Message, StringComparison.Ordinal);
        Assert.Contains("Picket.Spec.Hocon.Resources.main.conf", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_and_a_file_reach_resources_by_classpath_and_by_a_plain_name_without_a_file()
    {
        Assert.Equal(Whole, ConfigurationFactory.ParseString($"include classpath(\"/{Main}\")", "t", Tests).ToString());
        Assert.Equal(Whole, ConfigurationFactory.ParseString($"include \"{Main}\"", "t", Tests).ToString());
        var file = Write("top.conf", $"include required(classpath(\"{Main}\"))\nx {{ include \"Hocon/Resources/sub/leaf\" }}\nname = top");
        var config = ConfigurationFactory.ParseFile(file, Tests);
        Assert.Equal("top", config.GetString("section.outer"));
        Assert.Equal("11", config.GetString("x.twice"));
        Assert.Equal([file], config.Files);

        Write("Hocon/Resources/sub/leaf.conf", "leaf = 2");
        Assert.Equal("""{"leaf":2}""", ConfigurationFactory.ParseFile(file, Tests).GetValue("x")!.ToString());
    }

    [Fact]
    public void A_missing_resource_is_ignored_unless_it_is_required()
    {
        Assert.Equal("""{"a":1}""", ConfigurationFactory.ParseString("include classpath(\"gone\"), include \"gone\", a = 1", "t", Tests).ToString());
        var error = Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString("\n include required(classpath(\"gone\"))", "t", Tests));
        Assert.Equal("t:2:2: the required file 'gone' was not found among the resources of: Picket.Spec", error.Message);
        Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString($"include required(classpath(\"{Main}\"))", "t", ConfigResources.None));
    }

    [Fact]
    public void Folders_of_resources_come_after_assemblies_and_their_files_are_listed()
    {
        var shared = Write("shared/defaults.conf", "a = 1, include \"more.conf\"");
        var more = Write("shared/more.conf", "b = ${a}");
        var resources = new ConfigResources([], [Path.Combine(_folder.FullName, "empty"), Path.Combine(_folder.FullName, "shared")]);
        var config = ConfigurationFactory.ParseString("s { include classpath(\"defaults.conf\") }", "t", resources);
        Assert.Equal("""{"s":{"a":1,"b":1}}""", config.ToString());
        Assert.Equal([shared, more], config.Files);
    }

    [Fact]
    public void A_file_url_is_a_file_and_another_url_is_refused()
    {
        var part = Write("part.conf", "a = 1");
        Assert.Equal(1, ConfigurationFactory.ParseString($"include required(url(\"file://{part}\"))").GetInt("a"));
        Assert.Equal(1, ConfigurationFactory.ParseString($"include \"file://{part}\"").GetInt("a"));
        Assert.Empty(ConfigurationFactory.ParseString($"include url(\"file://{part}.gone\")").Entries);
        foreach (var include in (string[])["url(\"http://x/y.conf\")", "\"https://x/y.conf\"", "required(url(\"jar:x\"))", "url(\"file:\")"])
        {
            var error = Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString("\ninclude " + include, "t"));
            Assert.Equal(new ConfigOrigin("t", 2, 1), error.Origin);
            Assert.Contains("URL", error.Reason, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_callback_answers_every_include()
    {
        var texts = new Dictionary<string, string> { ["x"] = "a = 1, b = ${a}, s { include file(\"y\") }", ["y"] = "c = ${a}\nd = ]", ["z"] = "include \"z\"" };
        var error = Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString("include \"x\"", name => texts.GetValueOrDefault(name)));
        Assert.Equal(new ConfigOrigin("y", 2, 5), error.Origin);
        texts["y"] = "c = ${a}";
        var config = ConfigurationFactory.ParseString("o { include \"x\" }, include \"gone\", o.a = 2, a = 3", name => texts.GetValueOrDefault(name));
        Assert.Equal("""{"a":3,"o":{"a":2,"b":2,"s":{"c":3}}}""", config.ToString());
        Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString("include required(\"gone\")", name => texts.GetValueOrDefault(name)));
        Assert.Contains("cycle", Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseString("include \"z\"", name => texts[name])).Reason, StringComparison.Ordinal);
        Assert.Equal("{}", ConfigurationFactory.ParseString("include \"gone\"", null).ToString());
    }

    [Fact]
    public void The_application_s_own_file_is_its_xml_section_or_a_file_beside_it()
    {
        Assert.Null(ApplicationFile.Read(_folder.FullName, "app"));
        Write("app.hocon", "a = 3");
        Assert.Equal(3, ApplicationFile.Read(_folder.FullName, "app")!.GetInt("a"));
        Write("app.conf", "a = 2");
        Assert.Equal(2, ApplicationFile.Read(_folder.FullName, "app")!.GetInt("a"));
        Write("app.dll.config", "<configuration><akka><hocon><![CDATA[ a = 1 ]]></hocon></akka></configuration>");
        Assert.Equal(1, ApplicationFile.Read(_folder.FullName, "app")!.GetInt("a"));
        Write("app.dll.config", "<configuration/>");
        Assert.Equal(2, ApplicationFile.Read(_folder.FullName, "app")!.GetInt("a"));
        Write("app.dll.config", "<configuration>\n<x");
        Assert.Equal(2, Assert.Throws<ConfigException>(() => ApplicationFile.Read(_folder.FullName, "app")).Origin.Line);
        Assert.True(ConfigurationFactory.Load().IsEmpty);
        Assert.True(ConfigurationFactory.Default().IsEmpty);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_named_at_their_place()
    {
        var file = Path.Combine(_folder.FullName, "x.conf");
        File.WriteAllBytes(file, [.. "a = \"\ufffd\"\n # "u8, 0xff, 0x0a]);
        Assert.Equal($"{file}:2:4: the file is not valid UTF-8 here", Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseFile(file)).Message);
        File.WriteAllBytes(file, [.. "a = "u8, 0xc3]);
        Assert.Equal(5, Assert.Throws<ConfigException>(() => ConfigurationFactory.ParseFile(file)).Origin.Column);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
