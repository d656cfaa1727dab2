using Picket.Detection.Events.Journal;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// What correlations remember, in a file of the node's data folder: written beside it and put into its place in one step.
/// </summary>
public sealed class CorrelationFile
{
    private const string Beside = ".new";

    private readonly IFileSpace _files;
    private readonly string _path;

    /// <summary>Names the file; its folder is there.</summary>
    public CorrelationFile(IFileSpace files, string path)
    {
        _files = files;
        _path = path;
    }

    /// <summary>What is in it; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[]? Load()
    {
        if (!_files.Exists(_path)) return null;
        using var file = _files.Open(_path, write: false);
        var bytes = new byte[file.Length];
        return file.Read(0, bytes) == bytes.Length ? bytes : throw new IOException($"{_path} became shorter while it was read");
    }

    /// <summary>Writes all of it.</summary>
    /// <returns>Why it could not be written; null when it was. What was there before is there still in that case.</returns>
    public string? Save(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (WriteBeside(bytes) is { } trouble)
            {
                // Where there is no room, what is half written takes some that others need.
                _files.Delete(_path + Beside);
                return trouble;
            }

            _files.Rename(_path + Beside, _path);
            return _files.SyncFolder(Path.GetDirectoryName(_path)!) ? null : "the disk did not take its name";
        }
        catch (IOException failure)
        {
            return failure.Message;
        }
    }

    private string? WriteBeside(ReadOnlySpan<byte> bytes)
    {
        _files.Delete(_path + Beside);
        using var file = _files.TryCreate(_path + Beside, groupReadable: false);
        if (file is null) return "there is no room";
        if (file.Write(0, bytes) is var outcome && outcome != WriteOutcome.Done) return $"the write ended with {outcome}";
        return file.Sync() ? null : "the disk did not take it";
    }
}
