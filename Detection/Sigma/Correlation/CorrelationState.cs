using System.Buffers.Binary;
using Picket.Detection.Alerts;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// What the actor of the correlations must not forget when it is restarted, nor when the process is killed; owned by the composition root.
/// A snapshot of the groups is written now and then, and between two of them what groups take goes to a journal.
/// </summary>
public sealed class CorrelationState
{
    internal const int Evaluated = 0, Failed = 1;

    /// <summary>Before a snapshot with the place of the journal that it was made at; a snapshot without begins otherwise.</summary>
    private const uint Placed = 0x31504B50; // PKP1
    private const int PlaceBytes = 20;

    /// <summary>Matches that a source may bring again are known for so long at least.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(5);

    private readonly CorrelationOptions _options;
    private readonly CorrelationFile? _file;
    private readonly CorrelationJournal? _journal;
    private readonly CorrelationEntries _entries = new();
    private readonly List<EventBatch> _held = [];
    private readonly Queue<(long Time, long Position)> _snapshots = new();
    private IReadOnlyList<CorrelationRule> _rules;
    private long _saved;
    private long _position;
    private long? _failed;

    /// <summary>Makes the state, with the groups of an earlier run where there is a file of them.</summary>
    /// <param name="rules">The correlation rules of the set.</param>
    /// <param name="options">The bounds.</param>
    /// <param name="file">Where the groups outlive the process; null for nowhere.</param>
    /// <param name="journal">Where what they take after that does; null for nowhere.</param>
    /// <param name="isWritten">Says of an alert's id whether the outbox has it.</param>
    /// <param name="builder">Makes alerts.</param>
    /// <param name="stories">Where firings enter the story of the process that completed them.</param>
    /// <param name="time">The clock.</param>
    public CorrelationState(IReadOnlyList<CorrelationRule> rules, CorrelationOptions options, CorrelationFile? file,
        CorrelationJournal? journal, Func<StableId, bool> isWritten, AlertBuilder builder, ProcessStories stories, TimeProvider time)
    {
        _rules = rules;
        _options = options;
        _file = file;
        _journal = journal;
        Builder = builder;
        Stories = stories;
        Time = time;
        Began = time.GetTimestamp();
        Engine = Load(isWritten);
        Engine.Entries = journal is null ? null : _entries;
    }

    /// <summary>The engine.</summary>
    public CorrelationEngine Engine { get; private set; }

    /// <summary>The stage's line of the ledger.</summary>
    public LedgerStage Stage { get; } = new("correlation", "evaluated", "failed");

    /// <summary>The edge to the alerts.</summary>
    public LedgerEdge Edge { get; } = new("correlation->alerts");

    /// <summary>The time between two writes of the groups.</summary>
    public required TimeSpan SaveInterval { get; init; }

    /// <summary>Groups that came back from an earlier run's snapshot.</summary>
    public int Restored { get; private set; }

    /// <summary>Why an earlier run's groups did not come back, or these could not be written; null when all is well. Said once.</summary>
    internal string? Trouble { get; set; }

    /// <summary>The number of the set in force: 0 for the one of the start.</summary>
    internal long Generation { get; private set; }

    /// <summary>Whether something that groups took is not in the journal yet.</summary>
    internal bool IsBehind => _held.Count > 0;

    /// <summary>Whether so much is not in the journal yet that it should be.</summary>
    internal bool IsFarBehind => _held.Count >= 256 || _entries.Length >= 64 << 10;

    internal AlertBuilder Builder { get; }

    internal ProcessStories Stories { get; }

    internal TimeProvider Time { get; }

    /// <summary>When it was made, by the clock's count.</summary>
    internal long Began { get; }

    /// <summary>Goes on with the correlation rules of another set.</summary>
    internal void Swap(IReadOnlyList<CorrelationRule> rules, long generation)
    {
        if (generation <= Generation) return;
        Engine = Engine.Next(rules);
        _rules = rules;
        Generation = generation;
    }

    /// <summary>Begins anew: what an engine that threw holds need not be whole.</summary>
    internal void Renew()
    {
        LetGo();
        Engine = new CorrelationEngine(_rules, _options) { Entries = Engine.Entries };
        SaveAll();
    }

    /// <summary>Holds the event of a match until what groups took of it is in the journal; nothing where they took none.</summary>
    internal void Hold(EventBatch batch)
    {
        if (_entries.Length == 0) return;
        batch.Hold();
        _held.Add(batch);
    }

    /// <summary>Writes what groups took to the journal; then its events may be done with.</summary>
    internal void Flush()
    {
        if (_entries.Length > 0 && _journal is not null && !_journal.Add(_entries.Bytes)) SaveInstead();
        LetGo();
        if (_journal is not null && _journal.End - _position > _journal.MaxBytes / 4 && !FailedLately) SaveAll();
    }

    /// <summary>Writes the groups if there is news.</summary>
    internal void Save()
    {
        Flush();
        if (_file is not null && Engine.Counts.Taken != _saved) SaveAll();
    }

    private void LetGo()
    {
        _entries.Clear();
        foreach (var batch in _held) batch.LetGo();
        _held.Clear();
    }

    /// <summary>Whether the disk refused so lately that it is not asked again for each match: all groups are much to write.</summary>
    private bool FailedLately => _failed is { } at && Time.GetElapsedTime(at) < Again;

    /// <summary>A disk that takes no entries may take the groups.</summary>
    private void SaveInstead()
    {
        if (FailedLately) return;
        _failed = Time.GetTimestamp();
        Say("the journal of correlations takes no more: a kill costs what is counted between two writes of the groups");
        SaveAll();
    }

    private void Say(string trouble)
    {
        if (Trouble is null) Trouble = trouble;
        else if (!Trouble.Contains(trouble, StringComparison.Ordinal)) Trouble = $"{Trouble}; {trouble}";
    }

    /// <summary>Writes the groups, with which the journal up to here is not needed but to know what may come again.</summary>
    private void SaveAll()
    {
        if (_file is null) return;
        var taken = Engine.Counts.Taken;
        var position = _journal?.End ?? 0;
        var groups = Engine.Save();
        var bytes = new byte[PlaceBytes + groups.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Placed);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), position);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), ~position);
        groups.CopyTo(bytes, PlaceBytes);
        if (_file.Save(bytes) is { } trouble)
        {
            _failed = Time.GetTimestamp();
            Say($"the groups of correlations cannot be written: {trouble}");
            return;
        }

        _saved = taken;
        _position = position;
        if (_journal is null) return;
        _snapshots.Enqueue((Time.GetTimestamp(), position));
        while (_snapshots.Count > 1 && Time.GetElapsedTime(_snapshots.ElementAt(1).Time) >= Known) _snapshots.Dequeue();
        var isOld = Time.GetElapsedTime(_snapshots.Peek().Time) >= Known;

        // What is left and what comes before the next write stay within the bound, although only whole files go.
        if (_journal.Bytes > _journal.MaxBytes / 2) _journal.Trim(position);
        else if (isOld) _journal.Trim(_snapshots.Peek().Position);
    }

    private CorrelationEngine Load(Func<StableId, bool> isWritten)
    {
        byte[]? bytes;
        try
        {
            bytes = _file?.Load();
        }
        catch (IOException failure)
        {
            Say($"the groups of correlations cannot be read and begin anew: {failure.Message}");
            return Begin();
        }

        if (bytes is null) return Begin();
        var isPlaced = TryReadPlace(bytes, out var position);
        var engine = CorrelationEngine.Restore(_rules, _options, bytes.AsSpan(isPlaced ? PlaceBytes : 0), out var restored);
        if (restored < 0)
        {
            Say("the file with the groups of correlations is damaged: they begin anew");
            return Begin();
        }

        Restored = restored;
        if (!isPlaced || _journal is null) return Begin(engine);
        _position = position;
        return IsWhole(_journal, engine, position, isWritten) ? engine : Begin(engine);
    }

    /// <summary>
    /// Gives the engine what the journal has beyond its snapshot, and says what of that is lost. False where another snapshot must be
    /// written, since addresses of the journal are given again, to what this one does not have.
    /// </summary>
    private bool IsWhole(CorrelationJournal journal, CorrelationEngine engine, long position, Func<StableId, bool> isWritten)
    {
        const string Forgotten = "what groups took since they were last written is forgotten";
        foreach (var finding in journal.Findings) Say($"the journal of correlations, {finding.File}: {finding.Text}");
        try
        {
            if (journal.Replay(engine, position, isWritten) is > 0 and var missing)
                Say($"{missing} bytes of the journal of correlations are damaged or gone: the matches in them are forgotten");
        }
        catch (IOException failure)
        {
            Say($"the journal of correlations cannot be read, and {Forgotten}: {failure.Message}");
            return false;
        }

        if (journal.End >= position) return true;
        Say($"the journal of correlations has lost its end, as at a power cut, and {Forgotten}");
        return false;
    }

    private static bool TryReadPlace(ReadOnlySpan<byte> bytes, out long position)
    {
        position = 0;
        if (bytes.Length < PlaceBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Placed) return false;
        position = BinaryPrimitives.ReadInt64LittleEndian(bytes[4..]);
        return ~position == BinaryPrimitives.ReadInt64LittleEndian(bytes[12..]);
    }

    /// <summary>
    /// What is in the journal belongs to a snapshot, which has the key of the values' hashes: the first one is made at once.
    /// </summary>
    private CorrelationEngine Begin(CorrelationEngine? engine = null)
    {
        Engine = engine ?? new CorrelationEngine(_rules, _options);
        if (_journal is not null) SaveAll();
        return Engine;
    }
}
