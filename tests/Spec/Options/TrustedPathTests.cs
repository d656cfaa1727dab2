using System.Runtime.Versioning;
using Picket.Node.Hosting;

namespace Picket.Spec.Options;

/// <summary>Who could change what root reads.</summary>
public sealed class TrustedPathTests
{
    private const int Folder = 0x4000;
    private const int File = 0x8000;
    private const int Link = 0xA000;
    private const int Sticky = 0x200;

    private static readonly Dictionary<string, PathFacts> Tree = new()
    {
        ["/"] = new(0, Folder | 0x1ED, null),
        ["/etc"] = new(0, Folder | 0x1ED, null),
        ["/etc/own.conf"] = new(0, File | 0x1A4, null),
        ["/etc/group.conf"] = new(0, File | 0x1B4, null),
        ["/etc/all.conf"] = new(0, File | 0x1B6, null),
        ["/etc/theirs.conf"] = new(1000, File | 0x1A4, null),
        ["/etc/link.conf"] = new(0, Link | 0x1FF, "own.conf"),
        ["/etc/up.conf"] = new(0, Link | 0x1FF, "../etc/./own.conf"),
        ["/etc/away.conf"] = new(0, Link | 0x1FF, "/home/user/own.conf"),
        ["/etc/out.conf"] = new(0, Link | 0x1FF, "../home/user/own.conf"),
        ["/etc/their-link.conf"] = new(1000, Link | 0x1FF, "own.conf"),
        ["/etc/loop.conf"] = new(0, Link | 0x1FF, "loop.conf"),
        ["/tmp"] = new(0, Folder | Sticky | 0x1FF, null),
        ["/tmp/own"] = new(0, Folder | 0x1C0, null),
        ["/tmp/own/own.conf"] = new(0, File | 0x180, null),
        ["/tmp/own.conf"] = new(0, File | 0x180, null),
        ["/tmp/theirs.conf"] = new(1000, File | 0x1A4, null),
        ["/tmp/sticky.conf"] = new(0, File | Sticky | 0x1B6, null),
        ["/open"] = new(0, Folder | 0x1FF, null),
        ["/open/own.conf"] = new(0, File | 0x1A4, null),
        ["/shared"] = new(0, Folder | 0x1FD, null),
        ["/shared/below"] = new(0, Folder | 0x1ED, null),
        ["/shared/below/own.conf"] = new(0, File | 0x1A4, null),
        ["/home"] = new(0, Folder | 0x1ED, null),
        ["/home/user"] = new(1000, Folder | 0x1ED, null),
        ["/home/user/own.conf"] = new(0, File | 0x1A4, null),
    };

    [Theory]
    [InlineData("/etc/own.conf")]
    [InlineData("/etc/link.conf")]
    [InlineData("/etc/up.conf")]
    [InlineData("/tmp/own.conf")]
    [InlineData("/tmp/own/own.conf")]
    [InlineData("/etc/absent.conf")]
    public void What_only_root_can_change_is_used(string path) => Assert.Null(WhyNot(path));

    [Theory]
    [InlineData("/etc/group.conf", "/etc/group.conf is writable by others (mode 0664")]
    [InlineData("/etc/all.conf", "/etc/all.conf is writable by others (mode 0666")]
    [InlineData("/etc/theirs.conf", "/etc/theirs.conf belongs to the user with id 1000")]
    [InlineData("/etc/away.conf", "/home/user belongs to the user with id 1000")]
    [InlineData("/etc/out.conf", "/home/user belongs to the user with id 1000")]
    [InlineData("/etc/their-link.conf", "/etc/their-link.conf belongs to the user with id 1000")]
    [InlineData("/etc/loop.conf", "more than 40 links")]
    [InlineData("/tmp/theirs.conf", "/tmp/theirs.conf belongs to the user with id 1000")]
    [InlineData("/tmp/sticky.conf", "/tmp/sticky.conf is writable by others (mode 1666")]
    [InlineData("/open/own.conf", "/open is writable by others (mode 0777")]
    [InlineData("/shared/below/own.conf", "/shared is writable by others (mode 0775")]
    public void What_others_can_change_is_refused_and_the_place_is_named(string path, string says) => Assert.Contains(says, WhyNot(path));

    [Fact]
    [SupportedOSPlatform("linux")]
    public void The_facts_are_those_of_the_file_system()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "owners are asked of Linux");
        var folder = Directory.CreateTempSubdirectory("picket-trust-").FullName;
        try
        {
            var file = Path.Combine(folder, "file");
            System.IO.File.WriteAllText(file, "");
            System.IO.File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupWrite);
            var link = Path.Combine(folder, "link");
            System.IO.File.CreateSymbolicLink(link, "file");
            Assert.Equal((File | 0x110, null), (PathFactsReader.Read(file)!.Value.Mode, PathFactsReader.Read(file)!.Value.Target));
            Assert.Equal("file", PathFactsReader.Read(link)!.Value.Target);
            Assert.Equal(Folder | 0x1C0, PathFactsReader.Read(folder)!.Value.Mode);
            Assert.Equal(0u, PathFactsReader.Read("/proc/1/task")!.Value.Owner);
            Assert.Null(PathFactsReader.Read(Path.Combine(folder, "absent")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string? WhyNot(string path) => TrustedPath.WhyNot(path, at => Tree.TryGetValue(at, out var facts) ? facts : null);
}
