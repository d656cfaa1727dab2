using System.Globalization;
using Picket.Spec.Durability;

namespace Picket.Spec;

/// <summary>
/// Folders of tests in the system's place for temporary files, named after the process that owns them. A run that is ended by force leaves
/// its own behind; the next one clears them up, with what is mounted in them and the server that runs in them, and touches nothing that a
/// living process has, nor what a process of another pid namespace may have.
/// </summary>
internal static class TestFolder
{
    private const string Prefix = "picket-spec";

    private static readonly Lazy<string> Self = new(() =>
    {
        Sweep();
        return OwnerOf(Environment.ProcessId);
    });

    /// <summary>A new folder for a purpose, a word without "-".</summary>
    public static string Make(string purpose) => Make(purpose, Self.Value);

    /// <summary>A new folder for another owner.</summary>
    internal static string Make(string purpose, string owner) => Directory.CreateTempSubdirectory($"{Prefix}-{purpose}-{owner}-").FullName;

    /// <summary>Who a process is, also after its number was given to another one: namespace, number and time of its start.</summary>
    internal static string OwnerOf(int process) =>
        OperatingSystem.IsLinux() ? $"{Namespace()}-{process}-{Started(process)}" : $"0-{process}-0";

    /// <summary>Removes the folders of processes that have ended.</summary>
    internal static void Sweep()
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (var folder in Directory.EnumerateDirectories(Path.GetTempPath(), $"{Prefix}-*"))
        {
            // prefix (two words), purpose, namespace, number, start, chance
            var words = Path.GetFileName(folder).Split('-');
            if (words.Length != 7 || words[3] != Namespace() || !int.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out var process)) continue;
            if (Started(process) == words[5]) continue;
            try
            {
                PostgresServer.StopLeft(folder);
                foreach (var mount in MountsIn(folder)) TestDisk.Run("umount", "-l", mount);
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another user's, or another run is at it too.
            }
        }
    }

    private static string Namespace() => new string([.. (new FileInfo("/proc/self/ns/pid").LinkTarget ?? "").Where(char.IsAsciiDigit)]);

    /// <summary>The 22nd field of /proc/PID/stat; empty when there is no such process. The second field may hold blanks and brackets.</summary>
    private static string Started(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19];
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static List<string> MountsIn(string folder) => [.. File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')[1])
        .Where(place => place == folder || place.StartsWith(folder + "/", StringComparison.Ordinal)).Reverse()];
}
