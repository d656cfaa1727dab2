using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Scan;

/// <summary>An event as lists of strings by field name.</summary>
internal sealed class ScanEvent
{
    private readonly Dictionary<string, List<ScanValue>> _byField = new(StringComparer.Ordinal);
    private readonly EventContext? _context;
    private readonly EventContext? _other;
    private readonly EventKind _kind;

    public ScanEvent(in EventView view)
    {
        _context = view.Context;
        _other = view.Other;
        _kind = view.Record.Kind;
        foreach (var entry in view.Entries)
        {
            var value = new ScanValue(entry.Kind, view.ValueOf(entry).Text);
            All.Add(value);
            var name = FieldTable.NameOf(entry.Id);
            if (!_byField.TryGetValue(name, out var values)) _byField[name] = values = [];
            values.Add(value);
        }
    }

    /// <summary>Every value of the record.</summary>
    public List<ScanValue> All { get; } = [];

    /// <summary>The values of a field: the record's own, else the context's.</summary>
    public IReadOnlyList<ScanValue> Of(string field)
    {
        if (_byField.TryGetValue(field, out var own)) return own;
        if (_context is null) return [];
        var id = FieldTable.Intern(field);
        var found = _context.Find(id);
        if (!found.IsPresent) found = _context.FindFor(_kind, id, _other);
        return found.IsPresent ? [new ScanValue(found.Kind, found.Text)] : [];
    }
}
