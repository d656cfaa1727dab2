using System.Diagnostics;
using System.Runtime.Versioning;
using Picket.Spec.Live;

namespace Picket.Spec.Cli;

/// <summary><c>picket run</c> as root does not believe files that others may write to.</summary>
[Collection(LiveCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class TrustSpec : IDisposable
{
    private const UnixFileMode GroupWritable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite;
    private readonly string _folder;

    public TrustSpec()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "this is a check of what runs as root");
        _folder = Directory.CreateTempSubdirectory("picket-trust-").FullName;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_configuration_that_others_may_write_to_is_status_2()
    {
        var config = Write("user.conf", "picket.detection.shards = 0");
        File.SetUnixFileMode(config, GroupWritable);
        (await Cli.RunAsync("run", "--config", config)).IsRefused(2, $"picket: {config}: refused", $"{config} is writable by others (mode 0720");
        File.SetUnixFileMode(config, UnixFileMode.UserRead);
        await ChownAsync(config);
        (await Cli.RunAsync("run", "--config", config)).IsRefused(2, $"{config} belongs to the user with id 65534");

        // Who only looks at it takes no risk.
        (await Cli.RunAsync("config", "render", config)).IsDone();
    }

    [Fact]
    public async Task What_a_configuration_includes_and_where_it_lies_count_as_well()
    {
        var below = Path.Combine(_folder, "below");
        Directory.CreateDirectory(below);
        var included = Write("below/more.conf", "picket.detection.shards = 1");
        var config = Write("user.conf", "include \"below/more.conf\"");
        File.SetUnixFileMode(below, GroupWritable);
        (await Cli.RunAsync("run", "--config", config)).IsRefused(2, $"picket: {included}: refused", $"{below} is writable by others");
    }

    [Fact]
    public async Task A_rule_that_others_may_write_to_is_left_out_and_the_others_watch()
    {
        await using var node = new RunningNode();
        const string Bundled = "execution_reverse_shell.yml";
        var good = Write(Bundled, await File.ReadAllTextAsync(
            Path.Combine(Corpora.Root, "config", "rules", "sigma", Bundled), TestContext.Current.CancellationToken));
        var theirs = Write("theirs.yml", "");
        File.Copy(good, theirs, overwrite: true);
        await ChownAsync(theirs);
        var result = await Cli.RunAsync(node.Arguments("--rules", _folder, "--for", "1s"));
        Assert.Equal(0, result.Code);
        var error = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith($"picket: {theirs}(0,0): error file: refused", error);
        Assert.Contains("belongs to the user with id 65534", error);
        Assert.Contains("\n1 Sigma rules;", result.Out);
        Assert.Equal(0, (await Cli.RunAsync("rules", "check", _folder)).Code);
    }

    private static async Task ChownAsync(string file)
    {
        using var process = Process.Start("chown", ["65534", file]);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_folder, name);
        File.WriteAllText(file, text);
        return file;
    }
}
