namespace Picket.Detection.Events.Journal;

/// <summary>One open file. Reads, writes and syncs may come from several threads; <see cref="IDisposable.Dispose"/> ends them.</summary>
public interface IFileHandle : IDisposable
{
    /// <summary>Length in bytes, as the file system has it now.</summary>
    long Length { get; }

    /// <summary>
    /// Reads at <paramref name="offset"/> until <paramref name="into"/> is full or the file ends; the number of bytes read.
    /// </summary>
    /// <exception cref="IOException">The device failed.</exception>
    int Read(long offset, Span<byte> into);

    /// <summary>Writes all bytes at <paramref name="offset"/>.</summary>
    WriteOutcome Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>
    /// From now on each write goes behind what the file holds at its moment, whatever offset is given: another process may write lines too.
    /// </summary>
    void AppendOnly()
    {
    }

    /// <summary>Cuts the file to <paramref name="length"/>; false when the file system refused.</summary>
    bool Truncate(long length);

    /// <summary>Makes what was written survive a power cut (fdatasync); false when the device failed or the handle is closed.</summary>
    bool Sync();

    /// <summary>Whether <paramref name="path"/> still names this very file, and not another or none.</summary>
    bool IsAt(string path);
}
