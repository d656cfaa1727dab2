using Picket.Detection.Context;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;

namespace Picket.Node.Self;

/// <summary>
/// Says what others do to the sensor, not too often: a debugger attaches to each thread, and a loop sends thousands of signals. The first
/// act of a process of one kind on one target is said at once; the same within a window after the last word on it is counted, and said
/// in one when the window is over.
/// </summary>
/// <param name="window">How long is counted.</param>
/// <param name="time">The clock.</param>
internal sealed class RepeatBook(TimeSpan window, TimeProvider time)
{
    /// <summary>Acts that are told apart at a time; beyond it each is said, so that none is lost and the book stays small.</summary>
    public const int MostEntries = 4096;

    private readonly Dictionary<(ProcessKey By, EventKind Kind, string Detail, int Guard), Entry> _entries = [];

    /// <summary>Enters an act; whether it is to be said at once.</summary>
    public bool Add(SensorTouched touched)
    {
        var key = (touched.Key, touched.Kind, touched.Detail, touched.Guard);
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (_entries.Count < MostEntries) _entries.Add(key, new Entry { Said = time.GetTimestamp() });
            return true;
        }

        if (entry.Count == 0 && IsOver(entry))
        {
            entry.Said = time.GetTimestamp();
            return true;
        }

        if (entry.Count++ == 0) entry.From = touched.TimeNs;
        entry.Last = touched;
        return false;
    }

    /// <summary>What was counted in windows that are over; one in which nothing was counted is forgotten.</summary>
    public IReadOnlyList<TouchesRepeated> Due() => Take(IsOver);

    /// <summary>All that was counted: the node ends.</summary>
    public IReadOnlyList<TouchesRepeated> Rest() => Take(_ => true);

    private List<TouchesRepeated> Take(Func<Entry, bool> isDue)
    {
        var due = new List<TouchesRepeated>();
        foreach (var (key, entry) in _entries)
        {
            if (!isDue(entry)) continue;
            if (entry.Count == 0)
            {
                _entries.Remove(key);
                continue;
            }

            due.Add(new TouchesRepeated(entry.Last!, entry.Count, BootTime(entry.From), BootTime(entry.Last!.TimeNs)));
            (entry.Said, entry.Count) = (time.GetTimestamp(), 0);
        }

        return due;
    }

    private bool IsOver(Entry entry) => time.GetElapsedTime(entry.Said) >= window;

    private static DateTimeOffset BootTime(ulong ns) => DateTimeOffset.UnixEpoch.AddTicks(((long)ns + BootClock.OffsetNs) / 100);

    private sealed class Entry
    {
        /// <summary>The clock's time stamp of the last word on it.</summary>
        public long Said { get; set; }

        /// <summary>How often it was done since, and not said.</summary>
        public long Count { get; set; }

        /// <summary>When the first of those was done, on the events' clock.</summary>
        public ulong From { get; set; }

        /// <summary>The last of those.</summary>
        public SensorTouched? Last { get; set; }
    }
}
