using Picket.Actors.Persistence.Journal;

namespace Picket.Actors.Persistence.Recovering;

/// <summary>
/// Finds events that two incarnations wrote at the same time, by their writers and numbers. It holds a window of events back, so that
/// those of the older writer can still be left out when the newer one appears.
/// </summary>
internal sealed class ReplayFilter(ReplayFilterOptions options, Action<string> warn)
{
    private readonly LinkedList<Persistent> _window = [];
    private readonly LinkedList<string> _oldWriters = [];
    private string _writer = "";
    private long _number = -1;

    /// <summary>True when something was left out.</summary>
    public bool LeftOut { get; private set; }

    /// <summary>True when a number may be repeated in what comes out.</summary>
    public bool LetsAllPass => options.Mode == ReplayFilterMode.Warn;

    /// <summary>Takes the next event of a history and gives back those that need not wait longer.</summary>
    /// <exception cref="JournalException">Two writers, and the mode is to fail.</exception>
    public void Add(Persistent next, List<Persistent> released)
    {
        if (options.Mode == ReplayFilterMode.Disabled)
        {
            released.Add(next);
            return;
        }

        if (_window.Count == options.WindowSize)
        {
            released.Add(_window.First!.Value);
            _window.RemoveFirst();
        }

        if (next.WriterGuid == _writer)
        {
            if (next.SequenceNr < _number && !Keep(next, $"came after {_number} of the same writer")) return;
            _number = Math.Max(_number, next.SequenceNr);
        }
        else if (_oldWriters.Contains(next.WriterGuid))
        {
            if (!Keep(next, $"is of an older writer; {_writer} had written {_number} by then")) return;
        }
        else
        {
            BeginWriter(next);
        }

        _window.AddLast(next);
    }

    /// <summary>Gives back what was held.</summary>
    public void End(List<Persistent> released)
    {
        released.AddRange(_window);
        _window.Clear();
    }

    private void BeginWriter(Persistent first)
    {
        if (_writer.Length > 0) _oldWriters.AddLast(_writer);
        if (_oldWriters.Count > options.MaxOldWriters) _oldWriters.RemoveFirst();
        _writer = first.WriterGuid;
        _number = first.SequenceNr;
        for (var node = _window.First; node is not null;)
        {
            var following = node.Next;
            if (node.Value.SequenceNr >= _number && !Keep(node.Value, $"stands before {_number} of the newer writer {_writer}"))
                _window.Remove(node);
            node = following;
        }
    }

    /// <summary>Says what is wrong with an event, and whether it may stay.</summary>
    private bool Keep(Persistent wrong, string why)
    {
        var message = $"event {wrong.SequenceNr} of [{wrong.PersistenceId}] by {wrong.WriterGuid} {why}: "
            + "two incarnations have written at the same time, or two actors have the same persistence id";
        if (options.Mode == ReplayFilterMode.Fail) throw new JournalException(message);
        warn(message);
        if (options.Mode == ReplayFilterMode.Warn) return true;
        LeftOut = true;
        return false;
    }
}
