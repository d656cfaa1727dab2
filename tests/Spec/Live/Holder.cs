using System.Diagnostics;
using System.Globalization;
using Picket.Spec.Ebpf;

namespace Picket.Spec.Live;

/// <summary>A process that traces threads of another, which stand still until it is disposed (holds.c).</summary>
internal sealed class Holder : IDisposable
{
    private readonly Process _process;

    private Holder(Process process) => _process = process;

    /// <summary>The tracer.</summary>
    public int Pid => _process.Id;

    /// <summary>How many threads it traces.</summary>
    public int Threads { get; private set; }

    /// <summary>Holds threads of a process that the test started; returns when they stand still.</summary>
    /// <param name="which"><c>all</c> threads, the <c>first</c>, or the <c>others</c>.</param>
    /// <param name="pid">The process.</param>
    /// <param name="folder">Where the program is made.</param>
    public static Holder Take(string which, int pid, string folder)
    {
        var program = CProgram.Compile("holds", folder);
        var holder = new Holder(Process.Start(new ProcessStartInfo(program, [which, pid.ToString(CultureInfo.InvariantCulture)])
            { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        if (holder._process.StandardOutput.ReadLine()?.Split(' ') is ["held", var threads])
        {
            holder.Threads = int.Parse(threads, CultureInfo.InvariantCulture);
            return holder;
        }

        holder.Dispose();
        throw new InvalidOperationException($"process {pid} could not be held");
    }

    /// <summary>Lets go.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();

        // Who ends lets go as well.
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.Dispose();
    }
}
