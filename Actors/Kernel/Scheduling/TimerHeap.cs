namespace Picket.Actors;

/// <summary>Timers by when they are due; of those due at the same moment, the one put in first comes first.</summary>
internal sealed class TimerHeap
{
    private TimerEntry[] _entries = new TimerEntry[16];
    private long _sequence;

    /// <summary>Timers that wait.</summary>
    public int Count { get; private set; }

    /// <summary>The one that is due first; there must be one.</summary>
    public TimerEntry First => _entries[0];

    /// <summary>Puts in a timer that does not wait.</summary>
    public void Add(TimerEntry entry, long due)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        entry.Due = due;
        entry.Sequence = _sequence++;
        Rise(entry, Count++);
    }

    /// <summary>Takes out a timer; false when it does not wait.</summary>
    public bool Remove(TimerEntry entry)
    {
        var place = entry.Place;
        if (place < 0) return false;
        entry.Place = -1;
        var last = _entries[--Count];
        _entries[Count] = null!;
        if (last == entry) return true;
        if (place > 0 && IsBefore(last, _entries[(place - 1) / 2])) Rise(last, place);
        else Sink(last, place);
        return true;
    }

    private static bool IsBefore(TimerEntry one, TimerEntry other) =>
        one.Due != other.Due ? one.Due < other.Due : one.Sequence < other.Sequence;

    private void Rise(TimerEntry entry, int place)
    {
        for (; place > 0 && IsBefore(entry, _entries[(place - 1) / 2]); place = (place - 1) / 2) Put(_entries[(place - 1) / 2], place);
        Put(entry, place);
    }

    private void Sink(TimerEntry entry, int place)
    {
        for (int child; (child = (place * 2) + 1) < Count; place = child)
        {
            if (child + 1 < Count && IsBefore(_entries[child + 1], _entries[child])) child++;
            if (!IsBefore(_entries[child], entry)) break;
            Put(_entries[child], place);
        }

        Put(entry, place);
    }

    private void Put(TimerEntry entry, int place)
    {
        _entries[place] = entry;
        entry.Place = place;
    }
}
