using System.Buffers;
using Picket.Detection.Events;
using Picket.Sensors.Replay.Windows;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// What exporters call the parts of a Windows event that rules and routes ask for by other names (Splunk's <c>EventCode</c>, EvtxECmd's
/// <c>EventId</c>, PowerShell's <c>LogName</c>), and the events that they put as text into a field of a record: EvtxECmd's
/// <c>Payload</c>, Splunk's <c>_raw</c>, the <c>AuditData</c> of Microsoft 365 and the <c>CloudTrailEvent</c> of a look-up. What a record
/// says itself stands.
/// </summary>
internal static class OtherNames
{
    private static readonly FieldId EventId = FieldTable.Intern("EventID");
    private static readonly FieldId Channel = FieldTable.Intern("Channel");

    private static readonly Part[] Parts = PartsOf(
        ("EventID", Part.EventId), ("Channel", Part.Channel), ("EventCode", Part.OtherId), ("EventId", Part.OtherId),
        ("Id", Part.NumberInLog),
        ("LogName", Part.OtherChannel), ("source", Part.Source), ("Payload", Part.Embedded), ("_raw", Part.Embedded),
        ("AuditData", Part.Embedded), ("CloudTrailEvent", Part.Embedded));

    private enum Part : byte
    {
        None,
        EventId,
        Channel,
        OtherId,
        NumberInLog,
        OtherChannel,
        Source,
        Embedded,
    }

    /// <summary>Adds them to the batch's last record.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="flattener">Reads an event in a text.</param>
    public static void Add(EventBatch batch, RecordFlattener flattener) // hot
    {
        var entries = batch.View(batch.Count - 1).Entries;
        bool hasId = false, hasChannel = false;
        int id = -1, inLog = -1, log = -1, source = -1, embedded = -1;
        for (var i = 0; i < entries.Length; i++)
        {
            var field = entries[i].Id.Value;
            if (field >= Parts.Length) continue;
            switch (Parts[field])
            {
                case Part.EventId:
                    hasId = true;
                    break;
                case Part.Channel:
                    hasChannel = true;
                    break;
                case Part.OtherId:
                    id = i;
                    break;
                case Part.NumberInLog:
                    inLog = i;
                    break;
                case Part.OtherChannel:
                    log = i;
                    break;
                case Part.Source:
                    source = i;
                    break;
                case Part.Embedded:
                    embedded = i;
                    break;
            }
        }

        if ((id & inLog & log & source & embedded) == -1) return;
        if (embedded >= 0) AddEmbedded(batch, entries[embedded], flattener);
        if (!hasChannel && log >= 0) Copy(batch, Channel, entries[log], 0);
        else if (!hasChannel && source >= 0) AddChannel(batch, entries[source]);
        if (hasId) return;
        if (id >= 0) Copy(batch, EventId, entries[id], 0);
        else if (inLog >= 0 && log >= 0) Copy(batch, EventId, entries[inLog], 0);
    }

    /// <summary>Splunk's source of a Windows event is its channel behind a colon.</summary>
    private static void AddChannel(EventBatch batch, FieldEntry entry)
    {
        var text = batch.Bytes(entry.Start, entry.Length);
        var prefix = text.StartsWith("XmlWinEventLog:"u8) ? 15 : text.StartsWith("WinEventLog:"u8) ? 12 : 0;
        if (prefix > 0) Copy(batch, Channel, entry, prefix);
    }

    private static void Copy(EventBatch batch, FieldId field, FieldEntry entry, int from) =>
        batch.AddField(field, entry.Kind, entry.Start + from, entry.Length - from);

    private static void AddEmbedded(EventBatch batch, FieldEntry entry, RecordFlattener flattener)
    {
        var text = batch.Bytes(entry.Start, entry.Length).Trim(" \t\r\n"u8);
        if (text.StartsWith("{"u8))
        {
            flattener.TryFlattenInto(batch, text.ToArray());
            return;
        }

        if (!EventXml.IsEvent(text)) return;
        var json = new ArrayBufferWriter<byte>(text.Length * 2);
        if (EventXml.TryWrite(text, json)) flattener.TryFlattenInto(batch, json.WrittenSpan);
    }

    private static Part[] PartsOf(params (string Field, Part Part)[] fields)
    {
        var parts = new Part[fields.Max(field => FieldTable.Intern(field.Field).Value) + 1];
        foreach (var (field, part) in fields) parts[FieldTable.Intern(field).Value] = part;
        return parts;
    }
}
