using System.Diagnostics;
using System.Globalization;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>A process that holds locks, and can be killed without going (dies.c): the kernel is still taking it apart.</summary>
internal sealed class Mortal : IDisposable
{
    private readonly Process _process;

    private Mortal(Process process)
    {
        _process = process;
        Pid = int.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the locks could not be taken"), CultureInfo.InvariantCulture);
    }

    /// <summary>Who holds the locks.</summary>
    public int Pid { get; }

    /// <summary>Takes the locks of files or folders that are there.</summary>
    /// <param name="folder">Where the program is made.</param>
    /// <param name="files">What stands for the locks.</param>
    public static Mortal Take(string folder, params IEnumerable<string> files)
    {
        var program = CProgram.Compile("dies", folder, "-pthread");
        return new Mortal(Process.Start(new ProcessStartInfo(program, files) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
    }

    /// <summary>Kills it; it holds what it holds until this is disposed.</summary>
    public void Kill()
    {
        _process.StandardInput.Write('k');
        _process.StandardInput.Flush();
        Assert.Equal("dies", _process.StandardOutput.ReadLine());
    }

    /// <summary>Lets it go, and with it the locks.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.Dispose();
    }
}
