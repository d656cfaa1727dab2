using System.Text;
using Picket.Sensors.Ebpf.Decoding;

namespace Picket.Spec.Ebpf;

/// <summary>Joining where a string begins and the string.</summary>
public sealed class PathTextTests
{
    [Theory]
    [InlineData("/a/b", "c", true, "/a/b/c")]
    [InlineData("/a/b", "./c//d/.", true, "/a/b/c/d")]
    [InlineData("/a/b", "../../../c", true, "/c")]
    [InlineData("/", "c", true, "/c")]
    [InlineData("/", "..", true, "/")]
    [InlineData("", "/", true, "/")]
    [InlineData("", "//a/../b", true, "/b")]
    [InlineData("/root", "/etc/x", true, "/root/etc/x", true)]
    [InlineData("/root", "/../../etc/../x", true, "/root/x", true)]
    [InlineData("/a", "", true, "/a")]
    [InlineData("", "a/../../b", false, "../b")]
    [InlineData("", "../..", false, "../..")]
    [InlineData("/a", "...", true, "/a/...")]
    public void A_path_is_made_of_both(string directory, string text, bool absolute, string expected, bool rooted = false)
    {
        var result = new byte[directory.Length + text.Length + 2];
        var length = PathText.Join(Encoding.UTF8.GetBytes(directory), Encoding.UTF8.GetBytes(text), absolute, rooted, result);
        Assert.Equal(expected, Encoding.UTF8.GetString(result.AsSpan(0, length)));
    }

    [Theory]
    [InlineData("/jail/in", 5, "../../../x", "/jail/x")]
    [InlineData("/jail/in", 5, "../y/..", "/jail")]
    [InlineData("/jail", 5, "../z", "/jail/z")]
    [InlineData("/jail/in", 0, "../../x", "/x")]
    public void Two_dots_do_not_leave_the_root_of_who_is_below_it(string directory, int root, string text, string expected)
    {
        var result = new byte[directory.Length + text.Length + 2];
        var length = PathText.Join(Encoding.UTF8.GetBytes(directory), Encoding.UTF8.GetBytes(text), true, root, result);
        Assert.Equal(expected, Encoding.UTF8.GetString(result.AsSpan(0, length)));
    }
}
