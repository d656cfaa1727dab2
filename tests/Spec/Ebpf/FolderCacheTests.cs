using System.Text;
using Picket.Sensors.Ebpf.Folders;
using Picket.Spec.Journal;

namespace Picket.Spec.Ebpf;

/// <summary>What is remembered of folders, for how long, and how many are looked for.</summary>
public sealed class FolderCacheTests
{
    private const uint Here = 7, There = 8;

    private readonly ManualClock _clock = new();
    private readonly Map _map = new();
    private readonly FolderCache _cache;

    public FolderCacheTests() => _cache = new FolderCache(_map, _clock);

    [Fact]
    public void An_answer_holds_for_its_time_and_no_longer()
    {
        _map.Places["/l"] = "/real";
        Assert.Equal("/real", Find(Here, "", "", "/l"));
        _map.Places["/l"] = "/elsewhere";
        _clock.Advance(FolderCache.Validity - TimeSpan.FromMilliseconds(1));
        Assert.Equal("/real", Find(Here, "", "", "/l"));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("/elsewhere", Find(Here, "", "", "/l"));
        Assert.Equal(2, _map.Asked);
    }

    [Fact]
    public void What_is_not_found_is_remembered_too()
    {
        Assert.Null(Find(Here, "", "", "/gone"));
        Assert.Null(Find(Here, "", "", "/gone"));
        Assert.Equal(1, _map.Asked);
    }

    [Fact]
    public void Namespaces_roots_and_beginnings_are_told_apart()
    {
        _map.Places["/l"] = "/one";
        _map.Places["/a/l"] = "/two";
        Assert.Equal("/one", Find(Here, "", "", "/l"));
        Assert.Equal("/two", Find(Here, "", "/a", "l"));
        Assert.Equal("/one", Find(There, "", "", "/l"));
        Assert.Equal("/jail/one", Find(Here, "/jail", "", "/l"));
        Assert.Equal("/one", Find(Here, "", "", "/l"));
        Assert.Equal(4, _map.Asked);
    }

    [Fact]
    public void There_are_no_more_look_ups_than_the_limit_in_each_time()
    {
        for (var i = 0; i < FolderCache.MostLookups + 50; i++) Find(Here, "", "", $"/{i}");
        Assert.Equal(FolderCache.MostLookups, _map.Asked);
        _clock.Advance(FolderCache.Validity);
        _map.Places["/late"] = "/found";
        Assert.Equal("/found", Find(Here, "", "", "/late"));
    }

    [Fact]
    public void A_path_too_long_to_be_remembered_is_found_each_time()
    {
        var text = "/" + new string('d', 1000);
        _map.Places[text] = "/real";
        Assert.Equal("/real", Find(Here, "", "", text));
        Assert.Equal("/real", Find(Here, "", "", text));
        Assert.Equal(2, _map.Asked);
        Assert.Null(Find(Here, "", "", "/" + new string('d', 20_000)));
    }

    [Fact]
    public void A_remembered_answer_costs_no_memory()
    {
        _map.Places["/some/folder/of/usual/length"] = "/real/folder/of/usual/length";
        void Ask()
        {
            for (var i = 0; i < 10_000; i++) _cache.TryFind(Here, 1, default, default, "/some/folder/of/usual/length"u8, out _);
        }

        Ask();
        Assert.Equal(0, Allocated.Least(Ask));
        var started = TimeProvider.System.GetTimestamp();
        Ask();
        var took = TimeProvider.System.GetElapsedTime(started);
        TestContext.Current.TestOutputHelper!.WriteLine($"{took.TotalNanoseconds / 10_000:0} ns each");
    }

    private string? Find(uint mountNamespace, string root, string from, string text) =>
        _cache.TryFind(mountNamespace, 1, Encoding.UTF8.GetBytes(root), Encoding.UTF8.GetBytes(from), Encoding.UTF8.GetBytes(text), out var path)
            ? Encoding.UTF8.GetString(path)
            : null;

    private sealed class Map : IFolderLookup
    {
        public Dictionary<string, string> Places { get; } = new(StringComparer.Ordinal);

        public int Asked { get; private set; }

        public int Find(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> folder, Span<byte> result)
        {
            Asked++;
            Assert.Equal(0, folder[^1]);
            var asked = Encoding.UTF8.GetString(folder[..^1]).Replace("//", "/", StringComparison.Ordinal);
            if (!Places.TryGetValue(asked, out var place)) return -1;
            return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(root) + place, result);
        }

        public int FindAny(uint mountNamespace, int pid, ReadOnlySpan<byte> root, ReadOnlySpan<byte> path, Span<byte> result) =>
            Find(mountNamespace, pid, root, path, result);

        public void Learn(uint mountNamespace, int pid)
        {
        }
    }
}
