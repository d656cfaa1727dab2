using Picket.Persister;

namespace Picket.Spec.Durability;

/// <summary>
/// What the killed program has told, and so what its successor must have: every event that was acknowledged, or that a recovery has
/// shown, in order, once, with its content; what else is there lies behind them, in whole atomic writes.
/// </summary>
internal sealed class Ledger(int ids, bool mayFail)
{
    private readonly List<ulong>[] _events = [.. Enumerable.Range(0, ids).Select(_ => new List<ulong>())];
    private readonly List<ulong>[] _states = [.. Enumerable.Range(0, ids).Select(_ => new List<ulong> { 0 })];
    private readonly int[] _stored = new int[ids];
    private readonly int[] _replayed = new int[ids];
    private readonly int[] _left = new int[ids];
    private int _known;

    /// <summary>Events that must be there from now on.</summary>
    public int Known => Volatile.Read(ref _known);

    /// <summary>Events that were there after a kill though nobody had heard of them.</summary>
    public int Unheard { get; private set; }

    public int Acknowledged { get; private set; }

    public int Offered { get; private set; }

    public int Saved { get; private set; }

    public int Failed { get; private set; }

    public int CountOf(int id) => _events[id].Count;

    /// <summary>A program begins.</summary>
    public void Start()
    {
        Array.Clear(_stored);
        Array.Clear(_replayed);
        Array.Clear(_left);
    }

    /// <summary>Takes what a program told.</summary>
    /// <returns>What is wrong with it; null for nothing.</returns>
    public string? Take(Frame frame)
    {
        var id = frame.Id;
        switch (frame.Kind)
        {
            case Kind.Stored:
                return Continue(frame, ref _stored[id]);
            case Kind.Read:
                for (var each = 0; each < _events.Length; each++)
                {
                    if (_stored[each] < _events[each].Count) return $"LOST: id {each} has {_stored[each]} events, {_events[each].Count} were acknowledged";
                    if (_left[each] > 0) return $"TORN: the last atomic write of id {each} lacks {_left[each]} events";
                }

                return null;
            case Kind.Offered:
                Offered++;
                _replayed[id] = (int)frame.SequenceNr;
                return StateFault(frame);
            case Kind.Replayed:
                // A second incarnation in the same program begins anew.
                if (frame.SequenceNr == 1) _replayed[id] = 0;
                return Continue(frame, ref _replayed[id]);
            case Kind.Recovered:
                if (frame.SequenceNr == 0) _replayed[id] = 0;
                if (_replayed[id] != frame.SequenceNr) return $"{frame}: {_replayed[id]} events were replayed";
                if (frame.SequenceNr < _events[id].Count) return $"LOST: {frame} after {_events[id].Count} events were acknowledged";
                return StateFault(frame);
            case Kind.Acknowledged:
                Acknowledged++;
                if (frame.SequenceNr != _events[id].Count + 1) return $"{frame} after {_events[id].Count}";
                Add(frame);
                return null;
            case Kind.Saved:
                Saved++;
                return frame.SequenceNr <= _events[id].Count ? null : $"{frame} after {_events[id].Count} events";
            case Kind.Failed:
                Failed++;
                return mayFail ? null : $"FAILED: {frame}";
            case Kind.Complete:
                return null;
            default:
                return $"what is {frame}?";
        }
    }

    private string? Continue(Frame frame, ref int seen)
    {
        var id = frame.Id;
        if (frame.SequenceNr != seen + 1) return $"ORDER: {frame} came after {seen}";
        seen++;
        _left[id] = frame.Size - frame.Place - 1;
        if (seen <= _events[id].Count) return _events[id][seen - 1] == frame.Sum ? null : $"CONTENT: {frame} was acknowledged as {_events[id][seen - 1]:X}";
        Unheard++;
        Add(frame);
        return null;
    }

    private void Add(Frame frame)
    {
        _events[frame.Id].Add(frame.Sum);
        _states[frame.Id].Add(NumberedEvent.Chain(_states[frame.Id][^1], frame.Sum));
        Interlocked.Increment(ref _known);
    }

    private string? StateFault(Frame frame) =>
        frame.SequenceNr >= _states[frame.Id].Count ? $"{frame} is of a state beyond {_events[frame.Id].Count} events"
        : _states[frame.Id][(int)frame.SequenceNr] != frame.Sum ? $"STATE: {frame}, {_states[frame.Id][(int)frame.SequenceNr]:X} was made of the events"
        : null;
}
