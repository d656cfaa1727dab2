using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace Picket.Spec.Durability;

/// <summary>
/// A folder whose unsynced contents are lost when the process that works in it is killed: a power cut for one program.
/// What tests/Shim/platter.h says of the platter holds here.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Platter : IDisposable
{
    private readonly string _root = TestFolder.Make("platter");

    public Platter()
    {
        Directory.CreateDirectory(Folder);
        Directory.CreateDirectory(Tree);
        Directory.CreateDirectory(Objects);
    }

    /// <summary>Where the program works.</summary>
    public string Folder => Path.Combine(_root, "data");

    private string Tree => Path.Combine(_root, "twin", "tree");

    private string Objects => Path.Combine(_root, "twin", "objects");

    /// <summary>Puts the shim before a program that is about to be started.</summary>
    public void Preload(ProcessStartInfo start, PlatterOptions options)
    {
        start.Environment["LD_PRELOAD"] = ShimLibrary.Path;
        start.Environment["PLATTER_FOLDER"] = Folder;
        start.Environment["PLATTER_TWIN"] = Path.Combine(_root, "twin");
        start.Environment["PLATTER_NAMES"] = options.NamesFollowFiles ? "ext4" : "strict";
        Set("PLATTER_TEAR", options.TearOneIn);
        Set("PLATTER_SEED", options.Seed);
        Set("PLATTER_WAIT_US", options.SyncMicroseconds);
        Set("PLATTER_LIE", options.SyncLies ? 1 : 0);

        void Set(string name, int value) => start.Environment[name] = value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>After the program was killed: the folder holds what the platter has, and the next program may start.</summary>
    public void CutPower()
    {
        Directory.Delete(Folder, recursive: true);
        Copy(Tree, Folder);
        Directory.Delete(Objects, recursive: true);
        Directory.CreateDirectory(Objects);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (var folder in Directory.EnumerateDirectories(from)) Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
