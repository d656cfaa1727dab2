using System.Runtime.InteropServices;
using Picket.Detection.Context.Containers;
using Picket.Detection.Context.Hashing;
using Picket.Detection.Events;

namespace Picket.Detection.Context;

/// <summary>
/// What a process executed: made once per exec from the event's bytes, immutable, shared by all forks until they execute
/// something of their own.
/// </summary>
public sealed class ProgramImage
{
    private readonly byte[] _bytes;
    private readonly int _executableLength;
    private readonly int _commandLineLength;
    private readonly int[] _argumentEnds;

    private ProgramImage(byte[] bytes, int executableLength, int commandLineLength, int[] argumentEnds)
    {
        _bytes = bytes;
        _executableLength = executableLength;
        _commandLineLength = commandLineLength;
        _argumentEnds = argumentEnds;
    }

    /// <summary>Nothing is known: the process was forked before the sensor started and its record was lost.</summary>
    public static ProgramImage Unknown { get; } = new([], 0, 0, []);

    /// <summary>The executable's path, UTF-8 where the file system has it so.</summary>
    public ReadOnlySpan<byte> Executable => _bytes.AsSpan(0, _executableLength);

    /// <summary>The arguments, joined by one space each.</summary>
    public ReadOnlySpan<byte> CommandLine => _bytes.AsSpan(_executableLength, _commandLineLength);

    /// <summary>The working directory at exec.</summary>
    public ReadOnlySpan<byte> WorkingDirectory => _bytes.AsSpan(_executableLength + _commandLineLength);

    /// <summary>Number of arguments, the first included.</summary>
    public int ArgumentCount => _argumentEnds.Length;

    /// <summary>When it was executed: boot time in nanoseconds; 0 for a process found running.</summary>
    public ulong ExecutedNs { get; private init; }

    /// <summary>What was incomplete or unusual about it.</summary>
    public EventFlags Flags { get; private init; }

    /// <summary>The container that it was executed in; null on the host, and until the kernel's list says so after a restart.</summary>
    public ContainerFacts? Container { get; private init; }

    /// <summary>The executable's hashes; null as long as they are not known, or for ever.</summary>
    public FileHashes? Hashes => HashSlot?.Hashes;

    /// <summary>Where the hashes come; set before anybody else sees the program.</summary>
    internal HashSlot? HashSlot { get; set; }

    /// <summary>What <see cref="Load"/> needs to know beside the bytes.</summary>
    internal ProgramShape Shape => new()
    {
        ExecutedNs = ExecutedNs,
        Executable = _executableLength,
        CommandLine = _commandLineLength,
        Directory = _bytes.Length - _executableLength - _commandLineLength,
        Arguments = _argumentEnds.Length,
        Flags = Flags,
    };

    /// <summary>Bytes that <see cref="Store"/> writes.</summary>
    internal int StoredLength => _bytes.Length + (_argumentEnds.Length * sizeof(int));

    /// <summary>Argument <paramref name="index"/>, without the space that joins it to the next.</summary>
    public ReadOnlySpan<byte> Argument(int index)
    {
        var start = index == 0 ? 0 : _argumentEnds[index - 1] + 1;
        return CommandLine[start.._argumentEnds[index]];
    }

    /// <summary>Copies what outlives the event out of its batch: one allocation for the bytes, one for the argument ends.</summary>
    /// <param name="view">The event.</param>
    /// <param name="container">The container of its process.</param>
    public static ProgramImage Copy(in EventView view, ContainerFacts? container = null)
    {
        var executable = view.First(Fields.Image).Text;
        var commandLine = view.First(Fields.CommandLine).Text;
        var directory = view.First(Fields.CurrentDirectory).Text;
        var bytes = GC.AllocateUninitializedArray<byte>(executable.Length + commandLine.Length + directory.Length);
        executable.CopyTo(bytes);
        commandLine.CopyTo(bytes.AsSpan(executable.Length));
        directory.CopyTo(bytes.AsSpan(executable.Length + commandLine.Length));
        return new ProgramImage(bytes, executable.Length, commandLine.Length, ReadEnds(view, commandLine.Length))
        {
            ExecutedNs = view.Record.Kind == EventKind.ProcessCreation ? view.Record.TimeNs : 0,
            Flags = view.Record.Flags,
            Container = container,
        };
    }

    /// <summary>The same program, in the container that it is now known to run in.</summary>
    internal ProgramImage In(ContainerFacts container) => new(_bytes, _executableLength, _commandLineLength, _argumentEnds)
    {
        ExecutedNs = ExecutedNs,
        Flags = Flags,
        Container = container,
        HashSlot = HashSlot,
    };

    /// <summary>Writes the program's bytes and argument ends.</summary>
    internal void Store(Span<byte> to)
    {
        _bytes.CopyTo(to);
        MemoryMarshal.AsBytes<int>(_argumentEnds).CopyTo(to[_bytes.Length..]);
    }

    /// <summary>The opposite of <see cref="Store"/>; null when the bytes contradict the shape.</summary>
    internal static ProgramImage? Load(in ProgramShape shape, ReadOnlySpan<byte> from)
    {
        if (shape.Executable < 0 || shape.CommandLine < 0 || shape.Directory < 0 || shape.Arguments < 0) return null;
        var length = (long)shape.Executable + shape.CommandLine + shape.Directory;
        if (length + ((long)shape.Arguments * sizeof(int)) != from.Length) return null;
        var ends = MemoryMarshal.Cast<byte, int>(from[(int)length..]).ToArray();
        var last = 0;
        foreach (var end in ends)
        {
            if (end < last || end > shape.CommandLine) return null;
            last = end;
        }

        return new ProgramImage(from[..(int)length].ToArray(), shape.Executable, shape.CommandLine, ends)
        {
            ExecutedNs = shape.ExecutedNs,
            Flags = shape.Flags,
        };
    }

    private static int[] ReadEnds(in EventView view, int commandLineLength)
    {
        if (!view.TryGetDetail(out var detail) || detail.ArgumentCount <= 0) return commandLineLength == 0 ? [] : [commandLineLength];
        var ends = new int[detail.ArgumentCount];
        var source = MemoryMarshal.Cast<byte, int>(
            view.Batch.Bytes(detail.ArgumentEndsOffset, detail.ArgumentCount * sizeof(int)));
        source.CopyTo(ends);
        return ends;
    }
}
