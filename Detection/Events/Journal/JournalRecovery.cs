namespace Picket.Detection.Events.Journal;

/// <summary>Takes stock of a journal's folder: which segments are sound, where the last one really ends, what is foreign.</summary>
internal sealed class JournalRecovery
{
    private const string Quarantined = ".quarantined";

    private readonly IFileSpace _files;
    private readonly string _folder;
    private readonly JournalOptions _options;

    internal JournalRecovery(IFileSpace files, string folder, JournalOptions options)
    {
        _files = files;
        _folder = folder;
        _options = options;
    }

    internal List<JournalSegment> Segments { get; } = [];

    internal List<JournalFinding> Findings { get; } = [];

    internal Dictionary<string, PositionFile> Positions { get; } = new(StringComparer.Ordinal);

    /// <summary>No address below it may be used again: some reader, or a file that we no longer read, has been there.</summary>
    internal long Floor { get; private set; }

    internal void Run()
    {
        foreach (var name in _files.List(_folder))
        {
            if (JournalSegment.TryParseName(name, out var start)) LoadSegment(name, start);
            else if (name.EndsWith(PositionFile.Extension, StringComparison.Ordinal)) LoadPosition(name);
        }

        // A cut that was not yet durable may have come back after a power cut: what the next segment's start rules out is not read.
        for (var i = 0; i + 1 < Segments.Count; i++) Segments[i].End = Math.Min(Segments[i].End, Segments[i + 1].Start);
        if (Segments.Count > 0) RepairTail(Segments[^1]);
        if (Segments.Count > 0) Floor = Math.Max(Floor, Segments[^1].End);
    }

    private void LoadSegment(string name, long start)
    {
        var path = Path.Combine(_folder, name);
        string? verdict;
        long length;
        using (var file = _files.Open(path, write: false))
        {
            length = file.Length;
            Span<byte> header = stackalloc byte[JournalSegment.HeaderSize];
            verdict = JournalSegment.Judge(header[..file.Read(0, header)], _options.Kind, start, name);
        }

        if (verdict is null)
        {
            var bytes = length - JournalSegment.HeaderSize;
            Segments.Add(new JournalSegment(path, start, start + (bytes & ~7L)));
            return;
        }

        Floor = Math.Max(Floor, start + ((length + 7) & ~7L));
        if (verdict.Length == 0 && length <= JournalSegment.HeaderSize)
        {
            _files.Delete(path);
            Findings.Add(new JournalFinding(name, length, "the segment was begun and never written to; removed"));
            return;
        }

        var kept = name + Quarantined;
        for (var i = 2; _files.Exists(Path.Combine(_folder, kept)); i++) kept = $"{name}{Quarantined}-{i}";
        _files.Rename(path, Path.Combine(_folder, kept));
        if (verdict.Length == 0) verdict = "the header was never written";
        Findings.Add(new JournalFinding(name, length, $"{verdict}; kept as {kept}, its records are not read"));
    }

    private void LoadPosition(string name)
    {
        var file = PositionFile.Load(_files, Path.Combine(_folder, name));
        Positions[name[..^PositionFile.Extension.Length]] = file;
        Floor = Math.Max(Floor, (file.Loaded + 7) & ~7L);
        if (file.IsDamaged) Findings.Add(new JournalFinding(name, 0, "no valid position in it; the reader starts at the oldest record"));
    }

    private void RepairTail(JournalSegment segment)
    {
        var name = Path.GetFileName(segment.Path);
        var good = segment.Start;
        var damaged = 0L;
        using var scanner = new SegmentScanner(_files.Open(segment.Path, write: true), segment, _options.MaxRecordBytes);
        while (scanner.TryNext(good, segment.End, out var start, out var next, out _))
        {
            damaged += start - good;
            good = next;
        }

        if (damaged > 0)
            Findings.Add(new JournalFinding(name, damaged, "damaged bytes between whole records; the records behind them are kept"));
        using var file = _files.Open(segment.Path, write: true);
        var torn = file.Length - segment.OffsetOf(good);
        segment.End = good;
        if (torn == 0) return;
        if (file.Truncate(segment.OffsetOf(good)) && file.Sync())
        {
            Findings.Add(new JournalFinding(name, torn, "the last write was cut short; truncated to the last whole record"));
            return;
        }

        // Not to be cut: its addresses are left alone and the next record begins a segment of its own.
        Floor = Math.Max(Floor, (good + torn + 7) & ~7L);
        Findings.Add(new JournalFinding(name, torn, "the last write was cut short and cannot be truncated; a new segment is begun"));
    }
}
