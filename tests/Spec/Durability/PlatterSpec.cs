using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Picket.Spec.Durability;

/// <summary>The shim itself: after a kill exactly what was synced is there.</summary>
[SupportedOSPlatform("linux")]
public sealed class PlatterSpec : IDisposable
{
    private readonly Platter _platter = new();

    public void Dispose() => _platter.Dispose();

    [Fact]
    public void What_was_synced_is_there_and_what_was_not_is_gone()
    {
        Run("write", "a", "0", "kept", "sync", "a", "names", "write", "a", "2", "lost and more");
        Assert.Equal(("a", "kept"), Assert.Single(Files()));
    }

    [Fact]
    public void Without_a_sync_nothing_is_left()
    {
        Run("write", "a", "0", "lost", "append", "a", " too");
        Assert.Empty(Files());
    }

    [Fact]
    public void A_new_name_needs_the_sync_of_its_directory()
    {
        Run("write", "a", "0", "content", "sync", "a");
        Assert.Empty(Files());
        Run("write", "a", "0", "content", "names");
        Assert.Equal(("a", ""), Assert.Single(Files()));
    }

    [Fact]
    public void As_ext4_has_it_a_new_name_comes_with_its_file()
    {
        Run(new PlatterOptions(NamesFollowFiles: true), "write", "a", "0", "content", "sync", "a");
        Assert.Equal(("a", "content"), Assert.Single(Files()));
    }

    [Fact]
    public void A_removed_and_a_renamed_file_are_back_until_the_directory_is_synced()
    {
        Run("write", "a", "0", "first", "sync", "a", "write", "b", "0", "second", "sync", "b", "names");
        Run("unlink", "a", "rename", "b", "c");
        Assert.Equal([("a", "first"), ("b", "second")], Files());
        Run("unlink", "a", "rename", "b", "c", "names");
        Assert.Equal(("c", "second"), Assert.Single(Files()));
    }

    [Fact]
    public void A_file_in_place_of_a_removed_one_is_not_taken_for_it()
    {
        Run("write", "a", "0", "first", "sync", "a", "names");
        Run("unlink", "a", "write", "a", "0", "other", "sync", "a");
        Assert.Equal(("a", "first"), Assert.Single(Files()));
    }

    [Fact]
    public void Bytes_behind_a_truncation_do_not_come_back_when_the_file_grows_again()
    {
        Run("write", "a", "0", "0123456789", "sync", "a", "names");
        Run("truncate", "a", "2", "truncate", "a", "4");
        Assert.Equal(("a", "0123456789"), Assert.Single(Files()));
        Run("truncate", "a", "2", "truncate", "a", "4", "sync", "a");
        Assert.Equal(("a", "01\0\0"), Assert.Single(Files()));
    }

    [Fact]
    public void A_disk_that_lies_keeps_nothing()
    {
        Run(new PlatterOptions(SyncLies: true), "write", "a", "0", "lost", "sync", "a", "names");
        Assert.Empty(Files());
    }

    [Fact]
    public void A_torn_write_leaves_each_sector_old_or_new()
    {
        const int Sectors = 64;
        string old = new('o', Sectors * 512), changed = new('n', Sectors * 512);
        var mixed = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            Run("write", "a", "0", old, "sync", "a", "names");
            Run(new PlatterOptions(TearOneIn: 2, Seed: seed), [.. Enumerable.Repeat((string[])["write", "a", "0", changed], 12).SelectMany(words => words)]);
            var content = Assert.Single(Files()).Content;
            var sectors = content.Chunk(512).Select(sector => Assert.Single(sector.Distinct())).ToList();
            Assert.Equal(Sectors, sectors.Count);
            if (sectors.Distinct().Count() == 2) mixed++;
        }

        Assert.InRange(mixed, 10, 20);
    }

    /// <summary>Against a model that keeps two dictionaries: what is there, and what a power cut leaves.</summary>
    [Fact]
    public void Any_sequence_of_writes_names_and_syncs_leaves_what_the_model_says()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var model = new PlatterModel();
        for (var cut = 0; cut < 150; cut++)
        {
            var words = new List<string>();
            for (var step = random.Next(30); step >= 0; step--) model.Step(random, words);
            Run([.. words]);
            model.CutPower();
            Assert.True(model.Files().SequenceEqual(Files()),
                $"seed {seed}, cut {cut}: {string.Join(' ', words)}\nwanted {string.Join(", ", model.Files())}\nfound {string.Join(", ", Files())}");
        }
    }

    private void Run(params string[] words) => Run(new PlatterOptions(), words);

    private void Run(PlatterOptions options, params string[] words)
    {
        var start = new ProcessStartInfo(ShimLibrary.Writer, words) { WorkingDirectory = _platter.Folder, RedirectStandardOutput = true };
        _platter.Preload(start, options);
        using var program = Process.Start(start)!;
        var answer = program.StandardOutput.ReadLineAsync();
        var answered = answer.Wait(TimeSpan.FromSeconds(30));
        program.Kill();
        program.WaitForExit();
        var line = answered ? answer.Result : "no answer within 30 s";
        Assert.True(line == "done", string.Create(CultureInfo.InvariantCulture, $"the writer ended: {line}; {string.Join(' ', words)}"));
        _platter.CutPower();
    }

    private List<(string Name, string Content)> Files() =>
        [.. Directory.EnumerateFiles(_platter.Folder).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), Encoding.Latin1.GetString(File.ReadAllBytes(path))))];
}
