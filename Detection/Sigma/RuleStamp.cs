namespace Picket.Detection.Sigma;

/// <summary>By what a look at a file, without reading it, tells that it was changed.</summary>
/// <param name="Written">When it was last written, in ticks; 0 for a file that is not there.</param>
/// <param name="Length">Bytes; -1 for a file that is not there.</param>
/// <param name="Mode">Who may do what, since a file that others may write to is refused; 0 where there is no such thing.</param>
public readonly record struct RuleStamp(long Written, long Length, int Mode)
{
    /// <summary>The stamp of a file as it is; links are followed.</summary>
    public static RuleStamp Of(string file)
    {
        try
        {
            var info = new FileInfo(file);
            if (info.LinkTarget is not null && info.ResolveLinkTarget(true) is FileInfo real) info = real;
            if (!info.Exists) return new RuleStamp(0, -1, 0);
            return new RuleStamp(info.LastWriteTimeUtc.Ticks, info.Length, OperatingSystem.IsWindows() ? 0 : (int)info.UnixFileMode);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new RuleStamp(0, -1, 0);
        }
    }
}
