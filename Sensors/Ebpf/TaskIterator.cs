using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Ebpf.Native;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf;

/// <summary>
/// Reads what runs already, in the records' own layout. Attach first, iterate second: then a process is seen at least
/// once. Arguments and chosen environment are completed from /proc, which the iterator cannot read on old kernels.
/// </summary>
public sealed unsafe class TaskIterator : IDisposable
{
    private const int LargestRecord = 64 * 1024;

    private readonly BpfObjectHandle _object;
    private readonly BpfLinkHandle _link;
    private readonly SafeFileHandle _pass;
    private readonly byte[] _buffer = new byte[2 * LargestRecord];
    private readonly TaskCompletion _completion = new();
    private int _start;
    private int _end;
    private bool _ended;

    private TaskIterator(BpfObjectHandle handle, BpfLinkHandle link, SafeFileHandle pass)
    {
        _object = handle;
        _link = link;
        _pass = pass;
    }

    /// <summary>Loads <c>tasks.bpf.o</c> and begins a pass over all processes.</summary>
    /// <exception cref="BpfException">The object is missing, or the kernel refuses it.</exception>
    public static TaskIterator Open(SharedMaps maps)
    {
        using var log = LibBpfLog.Capture();
        var handle = ProgramSet.Load(maps, "tasks", ProgramSet.ReadObject(maps.Options, "tasks"), 0, preferTyped: true, log);
        try
        {
            var attached = LibBpf.bpf_program__attach_iter(LibBpf.Programs(handle)[0], 0);
            if (LibBpf.IsError(attached, out var errno)) throw new BpfException("the task iterator cannot be attached", errno, log.Text);
            var link = new BpfLinkHandle(attached);
            return new TaskIterator(handle, link, Bpf.CreateIterator(LibBpf.bpf_link__fd(link)));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads the next process; false after the last. The bytes are valid until the next call.</summary>
    /// <exception cref="BpfException">The kernel cannot go on, or what it wrote is no record.</exception>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        while (true)
        {
            var left = _end - _start;
            if (left >= sizeof(RecordHeader))
            {
                var length = MemoryMarshal.Read<RecordHeader>(_buffer.AsSpan(_start)).Length;
                if (length < (uint)sizeof(ExecRecord) || length > LargestRecord)
                    throw new BpfException($"the task iterator wrote a record of {length} bytes", 0);
                if (left >= length)
                {
                    record = _completion.Complete(_buffer.AsSpan(_start, (int)length));
                    _start += (int)length;
                    return true;
                }
            }

            if (_ended)
            {
                if (left > 0) throw new BpfException("the task iterator's last record is cut", 0);
                record = default;
                return false;
            }

            Fill();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pass.Dispose();
        _link.Dispose();
        _object.Dispose();
    }

    private void Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        fixed (byte* to = &_buffer[_end])
        {
            var count = Libc.read(_pass, to, (nuint)(_buffer.Length - _end));
            if (count < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno is Libc.Interrupted or Libc.WouldBlock) return;
                throw new BpfException("the task iterator cannot be read", errno);
            }

            _ended = count == 0;
            _end += (int)count;
        }
    }
}
