using System.Text.Json;
using Picket.Node.CommandLine;

namespace Picket.Spec.Cli;

/// <summary>Version, configuration, and what the program says to wrong usage. None of these needs a privilege.</summary>
public sealed class UsageSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("picket-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_version_is_one_line()
    {
        var result = await Cli.RunAsync("version");
        result.IsDone();
        Assert.Matches($"^picket {VersionCommand.Version} \\([^)]+\\)\\n$", result.Out);
        Assert.Equal(result.Out, (await Cli.RunAsync("--version")).Out);
    }

    [Theory]
    [InlineData("'bogus'", "bogus")]
    [InlineData("'--bogus'", "run", "--bogus")]
    [InlineData("'rendr'", "config", "rendr")]
    [InlineData("'--rules'", "replay", "x.ndjson", "--alerts", "y")]
    [InlineData("'--alerts'", "replay", "x.ndjson", "--rules", "y")]
    [InlineData("--help", "replay")]
    [InlineData("-o nonsense: expected key=value", "run", "-o", "nonsense")]
    [InlineData("--for soon", "run", "--for", "soon")]
    [InlineData("more than zero", "run", "--for", "0s")]
    [InlineData("at most 49d", "run", "--for", "60d")]
    [InlineData("/nonexistent/picket.conf", "run", "--config", "/nonexistent/picket.conf")]
    [InlineData("/nonexistent/picket.conf", "config", "render", "/nonexistent/picket.conf")]
    [InlineData("/nonexistent/picket.conf", "config", "render", "--raw", "/nonexistent/picket.conf")]
    [InlineData("/nonexistent/picket.conf", "demo", "--config", "/nonexistent/picket.conf")]
    public async Task Wrong_usage_is_status_2_and_a_line_that_says_what(string says, params string[] arguments) =>
        (await Cli.RunAsync(arguments)).IsRefused(2, says);

    [Fact]
    public async Task A_rendered_configuration_has_every_option()
    {
        var result = await Cli.RunAsync("config", "render", Cli.Config, "-o", "node.name=box");
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        var root = document.RootElement.GetProperty("picket");
        Assert.Equal("box", root.GetProperty("node").GetProperty("name").GetString());
        Assert.Equal("10s", root.GetProperty("self").GetProperty("ledger-interval").GetString());
    }

    [Fact]
    public async Task Raw_rendering_takes_any_HOCON_and_adds_nothing()
    {
        var file = Write("base { a = [1, \"two\"], b = ${base.a} }\nother : true");
        var result = await Cli.RunAsync("config", "render", "--raw", file);
        result.IsDone();
        using var document = JsonDocument.Parse(result.Out);
        Assert.Equal("""{"base":{"a":[1,"two"],"b":[1,"two"]},"other":true}""", JsonSerializer.Serialize(document.RootElement));
        (await Cli.RunAsync("config", "render", file)).IsRefused(2, $"{file}:", "unknown key");
    }

    [Theory]
    [InlineData("picket {\n  alerts {\n    file { pth = /tmp/x }\n  }\n}", ":3:12: unknown key 'picket.alerts.file.pth'; the nearest known one is 'picket.alerts.file.path'")]
    [InlineData("picket.detection.shards = many", ":1:27: picket.detection.shards")]
    [InlineData("picket.self.ledger-interval = 10 parsecs", ":1:31: picket.self.ledger-interval")]
    [InlineData("\n picket.alerts.file.rotate-size = 10 XB", ":2:35: picket.alerts.file.rotate-size")]
    [InlineData("picket.sensors.ebpf.ring-size = 5MiB", "power of two")]
    [InlineData("picket { a = [ 1, ", ":1:14: ")]
    [InlineData("picket.node.name = ${nowhere.at.all}", "nowhere.at.all")]
    public async Task A_wrong_configuration_is_status_2_with_its_place(string text, string says)
    {
        var file = Write(text);
        (await Cli.RunAsync("config", "render", file)).IsRefused(2, file, says);
        (await Cli.RunAsync("run", "--config", file)).IsRefused(2, file, says);
    }

    [Fact]
    public async Task A_folder_in_the_place_of_a_file_is_called_one()
    {
        (await Cli.RunAsync("run", "--config", _folder)).IsRefused(2, $"{_folder}", "a folder, where a file is expected");
        (await Cli.RunAsync("config", "render", _folder)).IsRefused(2, $"{_folder}: a folder, where a file is expected");
        (await Cli.RunAsync("config", "render", "--raw", _folder)).IsRefused(2, $"{_folder}: a folder, where a file is expected");
    }

    [Fact]
    public async Task A_console_that_cannot_be_written_to_changes_no_status()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("there is no /dev/full");
        var result = await Cli.RunFromShellAsync("exec \"$0\" \"$@\" 2> /dev/full", "run", "--config", Path.Combine(_folder, "absent"));
        Assert.Equal((2, "", ""), (result.Code, result.Out, result.Error));
    }

    private string Write(string text)
    {
        var file = Path.Combine(_folder, "user.conf");
        File.WriteAllText(file, text);
        return file;
    }
}
