using Picket.Sensors.OwnFiles;

namespace Picket.Node.Self;

/// <summary>What /self/files must not forget when it is restarted; owned by the composition root.</summary>
/// <param name="watch">The watch.</param>
/// <param name="time">The clock.</param>
internal sealed class FilesState(FileWatch watch, TimeProvider time) : IDisposable
{
    private const int MostAnArea = 10;

    /// <summary>The watch; changes wait in it while nobody looks.</summary>
    public FileWatch Watch { get; } = watch;

    /// <summary>What was said, and what was counted instead.</summary>
    public TouchBook Book { get; } = new(TimeSpan.FromMinutes(1), MostAnArea);

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Changes that wait for the name of who made them, each with the looks that it waited and what /proc said of him.</summary>
    public List<(FileTouch Touch, int Looks, FileToucher? ByProc)> Pending { get; } = [];

    /// <summary>What is said not to be watched.</summary>
    public HashSet<string> SaidUnwatched { get; } = new(StringComparer.Ordinal);

    /// <summary>Overflows that were said.</summary>
    public long SaidOverflows { get; set; }

    /// <summary>When the last look was over.</summary>
    public DateTimeOffset Looked { get; set; } = time.GetUtcNow();

    /// <summary>Looks so far.</summary>
    public long Looks { get; set; }

    /// <inheritdoc/>
    public void Dispose() => Watch.Dispose();
}
