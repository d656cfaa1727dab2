using Picket.Hocon;

namespace Picket.Spec.Hocon;

public sealed class IncludeSpec : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("picket-hocon-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_include_stands_for_the_fields_of_the_file()
    {
        Write("main.conf", "a = 1, b = 1\ninclude \"sub/part.conf\"\nb = 3\nc { include file(\"sub/part\") }");
        Write("sub/part.conf", "a = 2, b = 2, d = ${a}\ninclude \"next.conf\"");
        Write("sub/next.conf", "e = ${root}\nroot = 5");
        var config = Read("main.conf");
        Assert.Equal("""{"a":2,"b":3,"c":{"a":2,"b":2,"d":2,"e":5,"root":5},"d":2,"e":5,"root":5}""", config.ToString());
        Assert.Equal(["main.conf", "sub/part.conf", "sub/next.conf"], config.Files.Select(file => Path.GetRelativePath(_folder.FullName, file)));
    }

    [Fact]
    public void Paths_of_an_included_file_are_looked_up_below_the_include_and_then_at_the_root()
    {
        Write("main.conf", "x = root, y = root\ns { include \"part.conf\" }\ns.x = changed");
        Write("part.conf", "x = own, p = ${x}, q = ${y}, l = [0], l = ${l} [1], l += 2");
        Assert.Equal("""{"s":{"l":[0,1,2],"p":"changed","q":"root","x":"changed"},"x":"root","y":"root"}""", Read("main.conf").ToString());
    }

    [Fact]
    public void A_missing_file_is_ignored_unless_it_is_required()
    {
        Write("main.conf", "include \"gone.conf\", include classpath(\"x\")\na = 1");
        Assert.Equal("""{"a":1}""", Read("main.conf").ToString());
        Write("strict.conf", "a = 1\ninclude required( file( \"gone.conf\" ) )");
        var error = Assert.Throws<ConfigException>(() => Read("strict.conf"));
        Assert.Equal((2, 1), (error.Origin.Line, error.Origin.Column));
        Assert.Contains("gone.conf", error.Reason, StringComparison.Ordinal);
        Assert.Throws<ConfigException>(() => Read("gone.conf"));
    }

    [Fact]
    public void A_name_without_extension_reads_all_of_properties_json_and_conf()
    {
        Write("main.conf", "include required(\"x\")");
        Write("x.properties", "# comment\na.b = p\\u0041\\\n   q\nc:p\n c.d p\n");
        Write("x.json", "{\"c\": {\"e\": 1}, \"f\": 1}");
        Write("x.conf", "f = 2");
        Assert.Equal("""{"a":{"b":"pAq"},"c":{"d":"p","e":1},"f":2}""", Read("main.conf").ToString());
    }

    [Fact]
    public void A_cycle_of_includes_is_named()
    {
        Write("a.conf", "x = 1\ninclude \"b.conf\"");
        Write("b.conf", "include \"a.conf\"");
        var error = Assert.Throws<ConfigException>(() => Read("a.conf"));
        Assert.Contains("cycle", error.Reason, StringComparison.Ordinal);
        Assert.EndsWith("b.conf:1:1", error.Origin.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Depth_and_number_of_includes_are_bounded()
    {
        for (var i = 0; i < 40; i++) Write($"deep{i}.conf", $"include \"deep{i + 1}.conf\"");
        Assert.Contains("deeper", Assert.Throws<ConfigException>(() => Read("deep0.conf")).Reason, StringComparison.Ordinal);
        for (var i = 0; i < 20; i++) Write($"wide{i}.conf", $"include \"wide{i + 1}.conf\"\ninclude \"wide{i + 1}.conf\"");
        Write("wide20.conf", "");
        Assert.Contains("more than", Assert.Throws<ConfigException>(() => Read("wide0.conf")).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_in_an_included_file_is_named_there()
    {
        Write("main.conf", "include \"part.conf\"");
        Write("part.conf", "\n  a = }");
        var error = Assert.Throws<ConfigException>(() => Read("main.conf"));
        Assert.Equal($"{Path.Combine(_folder.FullName, "part.conf")}:2:7", error.Origin.ToString());
        Write("part.conf", "[1]");
        Assert.Contains("an array", Assert.Throws<ConfigException>(() => Read("main.conf")).Reason, StringComparison.Ordinal);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "part.conf"), [0x61, 0xff, 0x3d]);
        Assert.Contains("UTF-8", Assert.Throws<ConfigException>(() => Read("main.conf")).Reason, StringComparison.Ordinal);
        Write("main.conf", "include \".\"\ninclude required(\"sub.conf\")");
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "sub.conf"));
        Assert.Contains("cannot read", Assert.Throws<ConfigException>(() => Read("main.conf")).Reason, StringComparison.Ordinal);
    }

    private Config Read(string name) => ConfigurationFactory.ParseFile(Path.Combine(_folder.FullName, name));

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
