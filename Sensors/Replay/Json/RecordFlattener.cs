using System.Runtime.CompilerServices;
using System.Text.Json;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// Turns one JSON object into the field entries of a record. Nested names are joined by dots, what only wraps a Windows event is left out
/// (see <see cref="FieldPath"/>), array elements become several values of one field, strings without escapes are not copied: they point
/// into the record's own bytes in the arena.
/// </summary>
internal sealed class RecordFlattener
{
    private const int MaxDepth = 64;
    private const int LongestEscapedName = 3072;

    private static readonly string[] WrapperNames = ["Event.", "winlog.", "System.", "EventData.", "UserData.", "_source.", "result."];

    private readonly FieldPath _path = new(MaxDepth, unwraps: true);
    private readonly FieldPath? _whole = AsksForWrapped() ? new FieldPath(MaxDepth, unwraps: false) : null;
    private readonly FlatScanner _flat = new();
    private readonly NamedData _data = new();
    private readonly List<(FieldId Id, FieldKind Kind)> _there = [];
    private readonly byte[] _unescaped = new byte[LongestEscapedName];

    private RecordFlattener()
    {
    }

    /// <summary>
    /// Makes one. Names are only looked up while reading: those that are asked for afterwards must be known before the first record.
    /// </summary>
    public static RecordFlattener Make()
    {
        RuntimeHelpers.RunClassConstructor(typeof(Fields).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(RecordRoute).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(RecordTime).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(OtherNames).TypeHandle);
        RuntimeHelpers.RunClassConstructor(typeof(JournalEntry).TypeHandle);
        return new RecordFlattener();
    }

    /// <summary>Adds the fields of the object that <paramref name="text"/> begins with.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="record">Its last record, whose raw bytes are <paramref name="text"/>.</param>
    /// <param name="text">The object; what is behind it is not looked at.</param>
    /// <returns>Bytes of the object.</returns>
    /// <exception cref="JsonException">
    /// It is not one JSON object. Without a line number the position counts from the object's first byte.
    /// </exception>
    public int Flatten(EventBatch batch, ref EventRecord record, ReadOnlySpan<byte> text)
    {
        if (!_flat.TryRead(batch, record.RawStart, text, out var used)) used = FlattenAny(batch, record.RawStart, text);
        OtherNames.Add(batch, this);
        RecordRoute.Set(batch, ref record);
        record.TimeNs = RecordTime.Of(batch.View(batch.Count - 1));
        return used;
    }

    /// <summary>
    /// Adds the fields of an object that a field of the batch's last record has as its text; false, and none, when it is none.
    /// </summary>
    public bool TryFlattenInto(EventBatch batch, ReadOnlySpan<byte> text)
    {
        var before = batch.Last.FieldCount;
        try
        {
            FlattenAny(batch, batch.Append(text), text);
            return true;
        }
        catch (JsonException)
        {
            batch.ForgetFields(batch.Last.FieldCount - before);
            return false;
        }
    }

    /// <summary>Reads any object; also how tests read what <see cref="FlatScanner"/> reads.</summary>
    internal int FlattenAny(EventBatch batch, int raw, ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth, AllowMultipleValues = true });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A record must be one JSON object.", null, null, 0);
        }

        _there.Clear();
        _path.Begin();
        _whole?.Begin();
        var before = JsonTokenType.StartObject;
        for (; reader.Read(); before = reader.TokenType)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    GoTo(ref reader);
                    break;
                case JsonTokenType.StartObject:
                    _path.EnterObject();
                    _whole?.EnterObject();
                    if (_path.IsData) _data.Begin(reader.CurrentDepth);
                    break;
                case JsonTokenType.StartArray:
                    _path.EnterArray();
                    _whole?.EnterArray();
                    break;
                case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                    if (_there.Count > 0) AddPresent(batch, raw);
                    return (int)reader.BytesConsumed;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    if (reader.TokenType == JsonTokenType.EndObject && _path.IsData) _data.End(batch, reader.CurrentDepth);
                    _path.Leave();
                    _whole?.Leave();
                    if (reader.TokenType == JsonTokenType.EndObject) NotePresence(FieldKind.Object);
                    else if (before == JsonTokenType.StartArray) NotePresence(FieldKind.Null);
                    break;
                default:
                    AddValue(batch, ref reader, raw);
                    break;
            }
        }

        throw new JsonException("The record does not end.", null, null, text.Length);
    }

    /// <summary>Whether a rule names a field by its whole path, with the wrapper.</summary>
    private static bool AsksForWrapped()
    {
        for (var id = FieldTable.Count - 1; id > 0; id--)
        {
            var name = FieldTable.NameOf(new FieldId((ushort)id));
            foreach (var wrapper in WrapperNames)
            {
                if (name.StartsWith(wrapper, StringComparison.Ordinal)) return true;
            }
        }

        return false;
    }

    private void GoTo(ref Utf8JsonReader reader)
    {
        scoped ReadOnlySpan<byte> name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            // A longer one is none that a rule has, even without its escapes.
            name = name.Length > _unescaped.Length ? _unescaped : _unescaped.AsSpan(0, Unescape(ref reader, _unescaped));
        }

        _path.To(name);
        _whole?.To(name);
    }

    /// <summary>Notes that a field is there, if a rule asks for that.</summary>
    private void NotePresence(FieldKind kind)
    {
        NotePresence(FieldTable.Find(_path.Current), kind);
        if (_whole is not null) NotePresence(FieldTable.Find(_whole.Current), kind);
    }

    private void NotePresence(FieldId id, FieldKind kind)
    {
        if (id != FieldId.Unnamed && PresenceTable.IsAsked(id)) _there.Add((id, kind));
    }

    /// <summary>
    /// Adds the fields that are there and have no value. What stands in an object may be the value of its field, as the text of an XML
    /// element is.
    /// </summary>
    private void AddPresent(EventBatch batch, int raw)
    {
        foreach (var (id, kind) in _there)
        {
            var has = false;
            foreach (ref readonly var entry in batch.View(batch.Count - 1).Entries) has |= entry.Id == id;
            if (!has) batch.AddField(id, kind, raw, 0);
        }
    }

    private void AddValue(EventBatch batch, ref Utf8JsonReader reader, int raw)
    {
        var id = FieldTable.Find(_path.Current);
        var length = reader.ValueSpan.Length;

        // A string token starts one byte after its quote.
        var start = raw + (int)reader.TokenStartIndex;
        var kind = FieldKind.Text;
        switch (reader.TokenType)
        {
            case JsonTokenType.String when !reader.ValueIsEscaped:
                start++;
                break;
            case JsonTokenType.String:
                length = Unescape(ref reader, batch.Reserve(length, out start));
                break;
            case JsonTokenType.Number:
                kind = FieldKind.Number;
                if (JsonText.TryAddPlain(batch, reader.ValueSpan, out var plain)) (start, length) = plain;
                else length = JsonText.LengthOfNumber(reader.ValueSpan);
                break;
            case JsonTokenType.True or JsonTokenType.False:
                kind = FieldKind.Boolean;
                break;
            case JsonTokenType.Null:
                (kind, length) = (FieldKind.Null, 0);
                break;
        }

        var value = new NamedData.Value(kind, start, length);
        if (_path.Part == FieldPath.DataPart.None || !_data.TryTake(batch, _path.Part, value, reader.CurrentDepth))
            batch.AddField(id, kind, start, length);
        if (_whole is null) return;
        var whole = FieldTable.Find(_whole.Current);
        if (whole != id && whole != FieldId.Unnamed) batch.AddField(whole, kind, start, length);
    }

    /// <summary>
    /// What the token means. A lone surrogate is no text, but a command line may have one, and whoever wrote it must not be able to hide
    /// the event: it becomes U+FFFD, and bytes that are not UTF-8 stay as they are.
    /// </summary>
    private static int Unescape(ref Utf8JsonReader reader, scoped Span<byte> room)
    {
        try
        {
            return reader.CopyString(room);
        }
        catch (InvalidOperationException)
        {
            return JsonText.Unescape(reader.ValueSpan, room);
        }
    }
}
