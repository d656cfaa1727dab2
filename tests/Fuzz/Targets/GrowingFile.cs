using Microsoft.Win32.SafeHandles;
using Picket.Sensors.Logs.Access;
using Picket.Sensors.Logs.Native;

namespace Picket.Fuzz.Targets;

/// <summary>A file of which ever more is written; there is no other one.</summary>
internal sealed class GrowingFile(byte[] bytes) : ILogFiles
{
    /// <summary>How much of it is written.</summary>
    public int Written { get; set; }

    public int Read(SafeFileHandle file, string path, Span<byte> into, long offset)
    {
        var rest = bytes.AsSpan((int)offset, Written - (int)offset);
        rest = rest[..Math.Min(rest.Length, into.Length)];
        rest.CopyTo(into);
        return rest.Length;
    }

    public void Close(SafeFileHandle file, string path)
    {
    }

    public SafeFileHandle Open(string path, out int errno) => throw new NotSupportedException();

    public bool TryStat(string path, out FileFacts facts, out int errno) => throw new NotSupportedException();

    public bool TryStat(SafeFileHandle file, string path, out FileFacts facts) => throw new NotSupportedException();

    public bool IsFolder(string path) => throw new NotSupportedException();

    public IReadOnlyList<string> Files(string folder) => throw new NotSupportedException();

    public IReadOnlyList<string> Folders(string folder) => throw new NotSupportedException();

    public DateTime LastWritten(string path) => throw new NotSupportedException();

    public int AddWatch(SafeFileHandle inotify, string path, uint mask) => throw new NotSupportedException();
}
