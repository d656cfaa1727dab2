using System.Diagnostics;
using System.IO.Pipes;

namespace Picket.Node.Guard;

/// <summary>The guard's process as the node has it: a child, and the pipe to its standard input.</summary>
internal sealed class GuardChild : IDisposable
{
    private readonly Process _process;
    private readonly Stream _pipe;

    private GuardChild(Process process, long started)
    {
        _process = process;
        _pipe = process.StandardInput.BaseStream;
        Pid = process.Id;
        Started = started;
    }

    /// <summary>Its process.</summary>
    public int Pid { get; }

    /// <summary>The clock's time stamp at its start.</summary>
    public long Started { get; }

    /// <summary>Bytes that it has not read.</summary>
    public int Unread => _pipe is PipeStream pipe ? GuardCalls.Unread(pipe.SafePipeHandle) : 0;

    /// <summary>Starts one and tells it whom to guard.</summary>
    /// <param name="program">The program.</param>
    /// <param name="setup">What it must know.</param>
    /// <param name="started">The clock's time stamp.</param>
    /// <param name="ended">Told of its end, once, on any thread.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static GuardChild Start(string program, GuardSetup setup, long started, Action<GuardEnded> ended)
    {
        var start = new ProcessStartInfo(program, [GuardProgram.Verb]) { RedirectStandardInput = true, WorkingDirectory = "/" };

        // It has no use for the node's secrets, nor for what makes a runtime large and fast: a heap of 16 MiB at most, no second
        // compilation, no door for debuggers.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PICKET_", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x1000000";
        start.Environment["DOTNET_GCgen0size"] = "0x40000";
        start.Environment["DOTNET_TieredCompilation"] = "0";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";

        // Not through the pipe: a node that is killed at this moment has told it all the same.
        start.Environment[GuardSetup.Variable] = setup.ToText();
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.Exited += (_, _) => Tell(process, ended);
        try
        {
            process.Start();
        }
        catch
        {
            process.Dispose();
            throw;
        }

        return new GuardChild(process, started);
    }

    /// <summary>Says that the node lives.</summary>
    public void Beat() => Send([GuardSetup.Beat]);

    /// <summary>Says that the node ends in order: the guard ends too.</summary>
    public void Farewell() => Send([GuardSetup.Goodbye]);

    /// <summary>Ends one that does not do its work.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end, for as long as the limit; whether it has ended.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Closes the pipe; a guard that was told no goodbye takes it for the node's end.</summary>
    public void Dispose()
    {
        _pipe.Dispose();
        _process.Dispose();
    }

    private static void Tell(Process process, Action<GuardEnded> ended)
    {
        try
        {
            ended(new GuardEnded(process.Id, process.ExitCode));
        }
        catch (InvalidOperationException)
        {
            // Let go meanwhile: nobody waits for it any more.
        }
    }

    private void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _pipe.Write(bytes);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It has ended, which is told in another way.
        }
    }
}
