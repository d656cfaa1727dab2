using Microsoft.Win32.SafeHandles;

namespace Picket.Detection.Events.Journal;

/// <summary>A file on disk, written by position, so that no stream buffer holds bytes back.</summary>
internal sealed class DiskFile : IFileHandle
{
    private readonly FileStream _stream;
    private readonly SafeFileHandle _handle;

    internal DiskFile(FileStream stream)
    {
        _stream = stream;
        _handle = stream.SafeFileHandle;
    }

    public long Length => RandomAccess.GetLength(_handle);

    public int Read(long offset, Span<byte> into)
    {
        var total = 0;
        while (total < into.Length)
        {
            var read = RandomAccess.Read(_handle, into[total..], offset + total);
            if (read == 0) break;
            total += read;
        }

        return total;
    }

    public WriteOutcome Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_handle, bytes, offset);
            return WriteOutcome.Done;
        }
        catch (IOException failure)
        {
            return IsNoSpace(failure) ? WriteOutcome.NoSpace : WriteOutcome.Failed;
        }
    }

    public bool Truncate(long length)
    {
        try
        {
            RandomAccess.SetLength(_handle, length);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public bool Sync()
    {
        try
        {
            if (OperatingSystem.IsLinux()) return LinuxFiles.SyncData(_handle);
            RandomAccess.FlushToDisk(_handle);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public void AppendOnly()
    {
        if (OperatingSystem.IsLinux()) LinuxFiles.AppendOnly(_handle);
    }

    public bool IsAt(string path) => OperatingSystem.IsLinux() ? LinuxFiles.IsSame(_handle, path) : File.Exists(path);

    public void Dispose() => _stream.Dispose();

    /// <summary>ENOSPC, EDQUOT, EFBIG; on Windows ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.</summary>
    internal static bool IsNoSpace(IOException failure) => OperatingSystem.IsWindows()
        ? (failure.HResult & 0xFFFF) is 112 or 39
        : failure.HResult is 28 or 122 or 27;
}
