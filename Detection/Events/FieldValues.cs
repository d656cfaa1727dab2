namespace Picket.Detection.Events;

/// <summary>Enumerates the values of one field of one event: <c>foreach (var value in view.All(field))</c>.</summary>
public ref struct FieldValues
{
    private readonly EventView _view;
    private readonly FieldId _field;
    private int _next;
    private bool _found;
    private bool _ended;

    internal FieldValues(EventView view, FieldId field)
    {
        _view = view;
        _field = field;
    }

    /// <summary>The value that <see cref="MoveNext"/> moved to.</summary>
    public FieldValue Current { get; private set; }

    /// <summary>The enumerator itself.</summary>
    public readonly FieldValues GetEnumerator() => this;

    /// <summary>Moves to the next value; false after the last.</summary>
    public bool MoveNext() // hot
    {
        if (_ended) return false;
        var entries = _view.Entries;
        while (_next < entries.Length)
        {
            ref readonly var entry = ref entries[_next++];
            if (entry.Id != _field) continue;
            _found = true;
            Current = _view.ValueOf(entry);
            return true;
        }

        _ended = true;
        if (_found) return false;
        Current = _view.OfContext(_field);
        return Current.IsPresent;
    }
}
