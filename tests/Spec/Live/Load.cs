using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>
/// A shell that starts short processes one after another until it is stopped: every tenth is called <c>match</c>. It is bash, which tries a
/// fork again when the host has no room for a process just now; others give up, and with them the load would end.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Load : IDisposable
{
    private readonly Process _shell;
    private readonly string _folder;

    /// <summary>Starts the load with tools in <paramref name="folder"/>; each process has its number as argument.</summary>
    /// <param name="folder">Where the tools lie; they are made when missing.</param>
    /// <param name="most">Processes at most; it stops by itself.</param>
    public Load(string folder, int most)
    {
        foreach (var name in (string[])["quiet", "match"])
        {
            var tool = Path.Combine(folder, name);
            if (!File.Exists(tool)) Probe.WriteStatic(tool);
        }

        var script = string.Create(CultureInfo.InvariantCulture,
            $"i=1; while [ $i -le {most} ] && [ ! -e stop ]; do if [ $((i % 10)) = 0 ]; then ./match $i; else ./quiet $i; fi; i=$((i+1)); done; echo $((i-1))");
        _folder = folder;
        _shell = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
    }

    /// <summary>Ends the load in order and returns how many processes it started.</summary>
    public int Stop()
    {
        File.WriteAllText(Path.Combine(_folder, "stop"), "");
        return Wait();
    }

    /// <summary>Waits for the load's own end and returns how many processes it started.</summary>
    public int Wait()
    {
        var text = _shell.StandardOutput.ReadToEnd();
        _shell.WaitForExit();
        return int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Whether it goes on, for what a test says when it fails.</summary>
    public override string ToString() => _shell.HasExited ? $"the load ended with {_shell.ExitCode}: {_shell.StandardOutput.ReadToEnd()}" : "the load goes on";

    public void Dispose()
    {
        if (!_shell.HasExited) Stop();
        _shell.Dispose();
    }
}
