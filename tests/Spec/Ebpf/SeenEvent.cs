using System.Text;
using Picket.Detection.Events;

namespace Picket.Spec.Ebpf;

/// <summary>A decoded record, copied out of its batch.</summary>
internal sealed record SeenEvent(EventKind Kind, ProcessKey Key, EventFlags Flags, ulong TimeNs, ulong Sequence, ProcessDetail Detail,
    IReadOnlyDictionary<string, byte[]> Fields, byte[][] Arguments, ProcessKey Target, int ThreadId)
{
    public string? this[FieldId field] => Fields.TryGetValue(FieldTable.NameOf(field), out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    public static SeenEvent Of(EventView view)
    {
        var fields = new Dictionary<string, byte[]>();
        foreach (ref readonly var entry in view.Entries) fields[FieldTable.NameOf(entry.Id)] = view.ValueOf(entry).Text.ToArray();
        view.TryGetDetail(out var detail);
        var arguments = new byte[detail.ArgumentCount][];
        if (arguments.Length > 0)
        {
            var line = fields["CommandLine"];
            var at = 0;
            for (var i = 0; i < arguments.Length; i++)
            {
                var end = BitConverter.ToInt32(view.Batch.Bytes(detail.ArgumentEndsOffset + (i * 4), 4));
                arguments[i] = line[at..end];
                at = end + 1;
            }
        }

        return new SeenEvent(view.Record.Kind, view.Record.Key, view.Record.Flags, view.Record.TimeNs, view.Record.Sequence, detail, fields, arguments, view.Record.Target, view.Record.ThreadId);
    }
}
