using System.Diagnostics;
using System.Globalization;

namespace Picket.Spec.Live;

/// <summary>A shell that starts short processes one after another until it is stopped: every tenth is called <c>match</c>.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
internal sealed class Load : IDisposable
{
    private readonly Process _shell;

    /// <summary>Starts the load with tools of <paramref name="node"/>; each process has its number as argument.</summary>
    /// <param name="node">Whose folder is used.</param>
    /// <param name="most">Processes at most; it stops by itself.</param>
    public Load(LiveNode node, int most)
        : this(node.Folder, most)
    {
        node.Tool("quiet");
        node.Tool("match");
        _shell.Start();
    }

    /// <summary>As above, with tools that lie there already, and not yet started.</summary>
    private Load(string folder, int most)
    {
        var script = string.Create(CultureInfo.InvariantCulture,
            $"i=1; while [ $i -le {most} ] && [ ! -e stop ]; do if [ $((i % 10)) = 0 ]; then ./match $i; else ./quiet $i; fi; i=$((i+1)); done; echo $((i-1))");
        _shell = new Process { StartInfo = new ProcessStartInfo("/bin/sh", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true } };
        Folder = folder;
    }

    private string Folder { get; }

    /// <summary>Ends the load in order and returns how many processes it started.</summary>
    public int Stop()
    {
        File.WriteAllText(Path.Combine(Folder, "stop"), "");
        return Wait();
    }

    /// <summary>Waits for the load's own end and returns how many processes it started.</summary>
    public int Wait()
    {
        var text = _shell.StandardOutput.ReadToEnd();
        _shell.WaitForExit();
        return int.Parse(text, CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        if (!_shell.HasExited) Stop();
        _shell.Dispose();
    }
}
