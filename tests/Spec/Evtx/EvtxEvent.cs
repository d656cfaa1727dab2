using System.Buffers;
using System.Text;
using System.Text.Json;
using Picket.Detection.Events;

namespace Picket.Spec.Evtx;

/// <summary>One record, as its fields and as its JSON.</summary>
internal sealed record EvtxEvent(ulong Sequence, ulong TimeNs, List<(string Name, FieldKind Kind, string Text)> Fields, string Json, int RawLength)
{
    public static EvtxEvent Of(in EventView view)
    {
        var fields = new List<(string Name, FieldKind Kind, string Text)>();
        foreach (ref readonly var entry in view.Entries)
            fields.Add((FieldTable.NameOf(entry.Id), entry.Kind, Encoding.UTF8.GetString(view.ValueOf(entry).Text)));
        var json = new ArrayBufferWriter<byte>();
        view.Source.Original!.Write(view, json);
        return new EvtxEvent(view.Record.Sequence, view.Record.TimeNs, fields, Encoding.UTF8.GetString(json.WrittenSpan), view.Raw.Length);
    }

    public IEnumerable<string> All(string name) => Fields.Where(field => field.Name == name).Select(field => field.Text);

    public (FieldKind Kind, string Text) Field(string name) => Fields.Where(field => field.Name == name).Select(field => (field.Kind, field.Text)).Single();

    public JsonElement At(params string[] path)
    {
        var at = JsonDocument.Parse(Json).RootElement;
        foreach (var name in path) at = at.GetProperty(name);
        return at;
    }
}
