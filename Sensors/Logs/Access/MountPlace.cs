using System.Globalization;
using System.Text.RegularExpressions;

namespace Picket.Sensors.Logs.Access;

/// <summary>What is mounted where a path is, by the kernel's own list: to ask it touches no file system.</summary>
/// <param name="Id">The mount's number; another mount at the same place has another.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Kind">The kind of file system, such as <c>nfs4</c>.</param>
internal sealed partial record MountPlace(int Id, string Point, string Kind)
{
    private const string Source = "/proc/self/mountinfo";

    /// <summary>Kinds behind which somebody else has to answer: a server, a machine, or a program.</summary>
    private static readonly string[] Distant = ["9p", "afs", "autofs", "ceph", "cifs", "fuse", "lustre", "nfs", "nfs4", "smb3", "virtiofs"];

    /// <summary>Whether all of it fails to answer when one file of it does.</summary>
    public bool IsDistant => Point != "/" && Distant.Contains(Kind.Split('.')[0]);

    /// <summary>The mount of a path, as it is written; null where the list cannot be read.</summary>
    public static MountPlace? Of(string path)
    {
        try
        {
            return Of(path, File.ReadLines(Source));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>As above, of these lines. The last of several at one place hides the others.</summary>
    internal static MountPlace? Of(string path, IEnumerable<string> lines)
    {
        MountPlace? found = null;
        foreach (var line in lines)
        {
            var words = line.Split(' ');
            var kind = Array.IndexOf(words, "-") + 1;
            if (kind < 6 || kind >= words.Length || !int.TryParse(words[0], CultureInfo.InvariantCulture, out var id)) continue;
            var point = Escape().Replace(words[4], match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());
            if (!LeftOutPlace.Holds(point, path) || point.Length < found?.Point.Length) continue;
            found = new MountPlace(id, point, words[kind]);
        }

        return found;
    }

    /// <summary>Blanks, line ends and backslashes stand as three digits.</summary>
    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Escape();
}
