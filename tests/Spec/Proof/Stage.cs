using System.Globalization;
using System.Runtime.Versioning;
using Picket.Spec.Ebpf;
using Picket.Spec.Live;

namespace Picket.Spec.Proof;

/// <summary>
/// A folder that is the whole root of the programs that are run in it: none of them is, or reaches, one of the host's. Each program is a
/// static one of the tests' own under whatever path is asked for.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Stage
{
    private readonly string _root;
    private readonly string _enter;
    private readonly string _originals;

    /// <summary>Builds it in a folder, which is the caller's to remove.</summary>
    public Stage(string folder)
    {
        _root = Path.Combine(folder, "root");
        _originals = Path.Combine(folder, "originals");
        Directory.CreateDirectory(_root);
        Directory.CreateDirectory(_originals);
        Probe.WriteStatic(Original(Role.Nothing));
        ParentProgram.Compile(Original(Role.Parent));
        CProgram.CompileFrom(Path.Combine("tests", "Spec", "Ebpf", "files.c"), Original(Role.Files), "-static", "-pthread");
        CProgram.CompileFrom(Path.Combine("tests", "Spec", "Proof", "calls.c"), Original(Role.Calls), "-static");
        _enter = Path.Combine(folder, "enter");
        CProgram.CompileFrom(Path.Combine("tests", "Spec", "Proof", "stage.c"), _enter);
    }

    /// <summary>What a program does.</summary>
    public enum Role
    {
        /// <summary>It ends.</summary>
        Nothing,

        /// <summary>It starts the program that its environment names.</summary>
        Parent,

        /// <summary>It does to files what its arguments say.</summary>
        Files,

        /// <summary>It makes the system call that its argument names.</summary>
        Calls,
    }

    /// <summary>Runs a program, as <paramref name="uid"/>, to its end.</summary>
    /// <param name="path">Its path in this root.</param>
    /// <param name="argv">All of its argv.</param>
    /// <param name="role">What it does.</param>
    /// <param name="link">The symbolic link by whose path it is executed.</param>
    /// <param name="parent">Path and argv of the program that starts it.</param>
    /// <param name="directory">The working directory.</param>
    /// <param name="uid">The user.</param>
    public Deed Run(string path, string[] argv, Role role = Role.Nothing, string? link = null,
        (string Path, string[] Argv)? parent = null, string? directory = null, int uid = 0)
    {
        Place(path, role);
        var called = link ?? path;
        if (link is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Host(link))!);
            if (!File.Exists(Host(link))) File.CreateSymbolicLink(Host(link), path);
        }

        if (directory is not null) Directory.CreateDirectory(Host(directory));
        string[] environment = [];
        var (program, arguments) = (called, argv);
        if (parent is { } above)
        {
            Place(above.Path, Role.Parent);
            environment = ParentProgram.EnvironmentFor(called, argv);
            (program, arguments) = above;
        }

        var pid = Spawn.Run(_enter, ["enter"],
        [
            "ROOT=" + _root, "CWD=" + (directory ?? "/"), string.Create(CultureInfo.InvariantCulture, $"UID={uid}"), "EXEC=" + program,
            string.Create(CultureInfo.InvariantCulture, $"ARGC={arguments.Length}"), .. arguments, .. environment,
        ]);
        return new Deed($"{(parent is null ? "" : parent.Value.Path + " > ")}{called}: {string.Join(' ', argv)}",
            alert => alert.TryGetProperty("process", out var process) && process.GetProperty("executable").GetString() == path
                && (parent is null || process.TryGetProperty("parent", out process)) && process.GetProperty("pid").GetInt32() == pid);
    }

    /// <summary>Where a path of this root is on the host.</summary>
    public string Host(string path) => _root + path;

    private string Original(Role role) => Path.Combine(_originals, role.ToString());

    private void Place(string path, Role role)
    {
        var place = Host(path);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Copy(Original(role), place, true);
    }
}
