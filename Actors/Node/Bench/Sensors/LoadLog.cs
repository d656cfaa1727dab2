using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Picket.Node.Bench.Sensors;

/// <summary>The generator's log: what was really done.</summary>
internal sealed class LoadLog
{
    private const int HeaderBytes = 256;
    private const int WorkerBytes = 16;
    private const int FolderOffset = 48;

    private readonly Operation[] _operations;

    private LoadLog(string folder, ulong begunNs, ulong endedNs, int[] workers, Operation[] operations)
    {
        BegunNs = begunNs;
        EndedNs = endedNs;
        Folder = folder;
        Workers = workers;
        _operations = operations;
    }

    /// <summary>The private folder in which it was done.</summary>
    public string Folder { get; }

    /// <summary>Boot time in nanoseconds at which the first operation began.</summary>
    public ulong BegunNs { get; }

    /// <summary>Boot time in nanoseconds at which the last one was over.</summary>
    public ulong EndedNs { get; }

    /// <summary>The workers' process ids, by number.</summary>
    public IReadOnlyList<int> Workers { get; }

    /// <summary>The operations, worker by worker in their order.</summary>
    public ReadOnlySpan<Operation> Operations => _operations;

    /// <summary>Reads a log.</summary>
    /// <exception cref="InvalidDataException">It is not one, or not whole.</exception>
    public static LoadLog Read(string file)
    {
        using var stream = File.OpenRead(file);
        var header = new byte[HeaderBytes];
        stream.ReadExactly(header);
        var (size, workers) = (BitConverter.ToInt32(header, 8), BitConverter.ToInt32(header, 12));
        var count = BitConverter.ToInt64(header, 16);
        if (!header.AsSpan(0, 8).SequenceEqual("PKTLOAD1"u8) || size != Unsafe.SizeOf<Operation>())
            throw new InvalidDataException($"{file} is not a log of this build's generator");
        var table = new byte[workers * WorkerBytes];
        stream.ReadExactly(table);
        var pids = new int[workers];
        for (var i = 0; i < workers; i++) pids[i] = BitConverter.ToInt32(table, i * WorkerBytes);
        var operations = new Operation[count];
        stream.ReadExactly(MemoryMarshal.AsBytes(operations.AsSpan()));
        var folder = header.AsSpan(FolderOffset);
        return new LoadLog(Encoding.UTF8.GetString(folder[..folder.IndexOf((byte)0)]), BitConverter.ToUInt64(header, 32),
            BitConverter.ToUInt64(header, 40), pids, operations);
    }
}
