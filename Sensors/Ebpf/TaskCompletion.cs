using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Adds arguments and the chosen environment strings to a task record from /proc. The start time in /proc/PID/stat is
/// compared after reading, so that a pid that was reused meanwhile adds nothing; it counts in ticks of 10 ms.
/// </summary>
internal sealed unsafe class TaskCompletion
{
    private const int ArgsMax = 0x8000;
    private const int EnvironmentMax = 4096;
    private const ulong TickNs = 10_000_000;

    private readonly byte[] _record = new byte[2 * 64 * 1024];
    private readonly byte[] _environment = new byte[128 * 1024];
    private readonly byte[] _stat = new byte[4096];

    /// <summary>The record with what could be added; the record itself where there was nothing.</summary>
    public ReadOnlySpan<byte> Complete(ReadOnlySpan<byte> record)
    {
        var exec = MemoryMarshal.Read<ExecRecord>(record);
        if ((exec.Flags & ProcessFlags.KernelThread) != 0) return record;
        var folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{exec.Header.Process.Tgid}/");
        record.CopyTo(_record);
        var end = record.Length;

        var environment = Read(folder + "environ", _environment);
        if (environment >= 0)
        {
            exec.Flags &= ~ProcessFlags.EnvUnread;
            if (environment == _environment.Length) exec.Flags |= ProcessFlags.EnvCut;
            exec.Environment.Offset = (uint)end;
            end = AppendChosen(_environment.AsSpan(0, environment), end, ref exec.Flags);
            exec.Environment.Length = (uint)end - exec.Environment.Offset;
        }

        var arguments = Read(folder + "cmdline", _record.AsSpan(end, ArgsMax + 1));
        if (arguments >= 0)
        {
            exec.Flags &= ~ProcessFlags.ArgsUnread;
            if (arguments > ArgsMax)
            {
                exec.Flags |= ProcessFlags.ArgsCut;
                arguments = ArgsMax;
            }

            exec.ArgsSize = (ulong)arguments;
            exec.Args = new RecordSlice { Offset = (uint)end, Length = (uint)arguments };
            end += arguments;
        }

        if (end == record.Length || !IsSame(folder, exec.Header.Process.Start)) return record;
        exec.Header.Length = (uint)end;
        MemoryMarshal.Write(_record, exec);
        return _record.AsSpan(0, end);
    }

    private int AppendChosen(ReadOnlySpan<byte> environment, int end, ref ProcessFlags flags)
    {
        var first = end;
        while (environment.Length > 0)
        {
            var length = environment.IndexOf((byte)0);
            var text = length < 0 ? environment : environment[..length];
            environment = length < 0 ? default : environment[(length + 1)..];
            if (ChosenEnvironment.FieldOf(text, out _).Value == 0) continue;
            if (end - first + text.Length + 1 > EnvironmentMax)
            {
                flags |= ProcessFlags.EnvCut;
                return end;
            }

            text.CopyTo(_record.AsSpan(end));
            end += text.Length;
            _record[end++] = 0;
        }

        return end;
    }

    private bool IsSame(string folder, ulong start)
    {
        var length = Read(folder + "stat", _stat);
        if (length <= 0) return false;
        // Field 22, counted behind the name, which may hold blanks and brackets itself.
        var rest = _stat.AsSpan(0, length);
        rest = rest[(rest.LastIndexOf((byte)')') + 2)..];
        for (var i = 3; i < 22; i++) rest = rest[(rest.IndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(rest, out ulong ticks, out _) && ticks == start / TickNs;
    }

    /// <summary>Reads as much of a file as fits; -1 when the process is gone or may not be read.</summary>
    private static int Read(string path, Span<byte> into)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var total = 0;
            while (total < into.Length)
            {
                var count = RandomAccess.Read(file, into[total..], total);
                if (count == 0) break;
                total += count;
            }

            return total;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return -1;
        }
    }
}
