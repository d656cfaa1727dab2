using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Matching;

/// <summary>Walks the values of one field of one event: the record's own, or else the context's one.</summary>
internal ref struct ValueCursor
{
    private readonly EventValues _values;
    private readonly ReadOnlySpan<FieldEntry> _entries;
    private readonly FieldId _field;
    private int _next;

    public ValueCursor(EventValues values, in EventView view, FieldId field)
    {
        _values = values;
        _field = field;
        _entries = view.Entries;
        _next = values.FirstOf(field);
    }

    /// <summary>Moves to the next value.</summary>
    public bool MoveNext(in EventView view, out MatchValue value) // hot
    {
        if (_next >= 0)
        {
            while (_next < _entries.Length)
            {
                var at = _next++;
                if (_entries[at].Id != _field) continue;
                value = new MatchValue(_values, at, view.ValueOf(_entries[at]));
                return true;
            }

            value = default;
            return false;
        }

        if (_next == -1)
        {
            _next = -2;
            var found = view.OfContext(_field);
            if (found.IsPresent)
            {
                value = new MatchValue(_values, ~_field.Value, found);
                return true;
            }
        }

        value = default;
        return false;
    }
}
