using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Scan;

/// <summary>An event as lists of strings by field name.</summary>
internal sealed class ScanEvent
{
    private readonly Dictionary<string, List<ScanValue>> _byField = new(StringComparer.Ordinal);
    private readonly EventContext? _context;

    public ScanEvent(in EventView view)
    {
        _context = view.Context;
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
        var found = _context.Find(FieldTable.Intern(field));
        return found.IsPresent ? [new ScanValue(found.Kind, found.Text)] : [];
    }
}
