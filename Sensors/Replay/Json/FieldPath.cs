using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// The name of the value that is read: the names of the objects around it, joined by dots, without what only wraps a Windows event. The
/// wrappers are those that real exports have: <c>Event.System</c>, <c>Event.EventData</c> and <c>Event.UserData.NAME</c> as EVTX is
/// rendered, with <c>Event</c> and without, winlogbeat's <c>winlog</c>, and the <c>_source</c> and <c>result</c> that stores put around
/// what is exported; no other name is cut. An attribute of XML is joined by an underscore, as Sigma's <c>Provider_Name</c> is, whether it
/// is in <c>#attributes</c>, in <c>NAME_attributes</c>, marked by an <c>@</c>, or in <c>System</c>, where all are attributes.
/// </summary>
internal sealed class FieldPath
{
    private const int MaxName = 512;
    private const int TooLong = -1;

    /// <summary>winlogbeat's names beside its event_data, and those that Sigma's rules have for them.</summary>
    private static readonly (byte[] Name, byte[] Sigma)[] WinlogNames =
    [
        ([.. "winlog.event_id"u8], [.. "EventID"u8]), ([.. "winlog.channel"u8], [.. "Channel"u8]),
        ([.. "winlog.provider_name"u8], [.. "Provider_Name"u8]), ([.. "winlog.computer_name"u8], [.. "Computer"u8]),
    ];

    /// <summary>How winlogbeat's names begin where a store has joined them by dots.</summary>
    private static ReadOnlySpan<byte> Dotted => "winlog."u8;

    private static ReadOnlySpan<byte> DottedData => "winlog.event_data."u8;

    /// <summary>Ends the name of an object with the attributes of the element beside it.</summary>
    private static ReadOnlySpan<byte> SeparateAttributes => "_attributes"u8;

    private readonly byte[] _name = new byte[MaxName];
    private readonly Level[] _levels;
    private readonly bool _unwraps;
    private int _depth;
    private int _start;
    private int _end;
    private byte[]? _alias;
    private bool _toAttributes;
    private bool _isResult;
    private bool _isHit;

    /// <summary>Makes a path.</summary>
    /// <param name="maxDepth">Objects and arrays in one another at most.</param>
    /// <param name="unwraps">Whether the names of wrappers are left out; else the whole path is given.</param>
    public FieldPath(int maxDepth, bool unwraps)
    {
        _levels = new Level[maxDepth + 2];
        _unwraps = unwraps;
    }

    /// <summary>What the names in an object mean.</summary>
    private enum Place : byte
    {
        Plain,
        Root,
        Event,
        UserData,
        Winlog,
        Xml,
        System,
        Element,
        Data,
        Attributes,
    }

    /// <summary>What a value in an element is whose name is a value itself: <c>{"@Name": "User", "#text": "bob"}</c>.</summary>
    public enum DataPart : byte
    {
        /// <summary>The path leads to none of these.</summary>
        None,

        /// <summary>The field's name.</summary>
        Name,

        /// <summary>The field's value.</summary>
        Text,
    }

    /// <summary>What the value at the path is to the element that it is in.</summary>
    public DataPart Part { get; private set; }

    /// <summary>Whether the path is in such an element.</summary>
    public bool IsData => _levels[_depth - 1].Place == Place.Data; // hot

    /// <summary>Whether the path is too long to be one that a rule has.</summary>
    public bool IsTooLong => _end < 0;

    /// <summary>The path; empty when it is too long.</summary>
    public ReadOnlySpan<byte> Current => _end < 0 ? default : _alias ?? _name.AsSpan(_start.._end); // hot

    /// <summary>Begins a record, in its object.</summary>
    public void Begin() // hot
    {
        _levels[0] = new Level(0, 0, 0, _unwraps ? Place.Root : Place.Plain);
        _depth = 1;
        _start = _end = 0;
        _alias = null;
        _toAttributes = _isResult = _isHit = false;
        Part = DataPart.None;
    }

    /// <summary>Goes to a property of the object that the path is in.</summary>
    public void To(ReadOnlySpan<byte> property) // hot
    {
        ref readonly var level = ref _levels[_depth - 1];
        var place = level.Place;
        _alias = null;
        _toAttributes = false;
        _start = level.Start;
        Part = DataPart.None;
        if (place >= Place.Xml && TryXml(property, place, level.Prefix)) return;
        var isAttribute = place is Place.Attributes or Place.Element;
        if (place >= Place.Xml && property.StartsWith("@"u8))
        {
            isAttribute = true;
            property = property[1..];
        }

        // Splunk writes it first.
        if (place == Place.Root && property.SequenceEqual("preview"u8)) _isResult = true;
        if (place == Place.Root && property.SequenceEqual("_index"u8)) _isHit = true;
        var at = level.Prefix;
        if (at < 0 || property.Length > MaxName - at - 1 || (isAttribute && at == _start))
        {
            _end = TooLong;
            return;
        }

        if (at > _start) _name[at++] = isAttribute ? (byte)'_' : (byte)'.';
        property.CopyTo(_name.AsSpan(at));
        _end = at + property.Length;
        if (place == Place.Winlog) _alias = AliasOfWinlog(Current);
        else if (place == Place.Root && property.StartsWith(Dotted)) ToDotted(at);
    }

    /// <summary>The field of a name that may be one of winlogbeat's, joined by dots.</summary>
    public static FieldId FindDotted(ReadOnlySpan<byte> name) // hot
    {
        if (!name.StartsWith(Dotted) || FieldTable.Find(name) is var whole && whole != FieldId.Unnamed) return FieldTable.Find(name);
        if (AliasOfWinlog(name) is { } alias) return FieldTable.Find(alias);
        return name.StartsWith(DottedData) ? FieldTable.Find(name[DottedData.Length..]) : FieldId.Unnamed;
    }

    private void ToDotted(int from)
    {
        _alias = AliasOfWinlog(_name.AsSpan(from.._end));
        if (_alias is null && _name.AsSpan(from.._end).StartsWith(DottedData)) _start = from + DottedData.Length;
    }

    /// <summary>Enters the object that the path leads to.</summary>
    public void EnterObject() // hot
    {
        var place = Place.Plain;
        var cut = false;
        switch (_levels[_depth - 1].Place)
        {
            case Place.Root when Current.SequenceEqual("_source"u8) || (_isHit && Current.SequenceEqual("fields"u8))
                || (_isResult && Current.SequenceEqual("result"u8)):
                place = Place.Root;
                cut = true;
                break;

            case Place.Root when Current.SequenceEqual("Event"u8):
                place = Place.Event;
                break;

            case Place.Root when Current.SequenceEqual("winlog"u8):
                place = Place.Winlog;
                break;

            case Place.Root when Current.SequenceEqual("System"u8):
            case Place.Event when Current.SequenceEqual("Event.System"u8):
                place = Place.System;
                cut = true;
                break;

            case Place.Root when Current.SequenceEqual("EventData"u8):
            case Place.Event when Current.SequenceEqual("Event.EventData"u8):
            case Place.Winlog when Current.SequenceEqual("winlog.event_data"u8) || Current.SequenceEqual("winlog.user_data"u8):
            case Place.UserData:
                place = Place.Xml;
                cut = true;
                break;

            case Place.Root when Current.SequenceEqual("UserData"u8):
            case Place.Event when Current.SequenceEqual("Event.UserData"u8):
                place = Place.UserData;
                break;

            case Place.Xml when Current.SequenceEqual("Data"u8):
                place = Place.Data;
                break;

            case >= Place.Xml and var around:
                place = _toAttributes ? Place.Attributes : around is Place.System or Place.Element ? Place.Element : Place.Xml;
                if (!Current.EndsWith(SeparateAttributes)) break;
                place = Place.Attributes;
                _end -= SeparateAttributes.Length;
                break;
        }

        // What is cut stays where it is: the names behind it begin later.
        var start = cut && _end > 0 ? _end : _start;
        _levels[_depth++] = new Level(_start, _end, start, place);
        _toAttributes = false;
        Part = DataPart.None;
    }

    /// <summary>Enters an array: its elements have its own name.</summary>
    public void EnterArray() // hot
    {
        var place = _levels[_depth - 1].Place;
        _levels[_depth++] = new Level(_start, _end, _start, place);
    }

    /// <summary>Leaves an object or array.</summary>
    public void Leave() // hot
    {
        ref readonly var level = ref _levels[--_depth];
        (_start, _end) = (level.OwnStart, level.Prefix);
        _alias = null;
    }

    /// <summary>
    /// <c>#text</c> is the element's own value, in System <c>Value</c> too; <c>#attributes</c> is an object of its attributes.
    /// </summary>
    private bool TryXml(ReadOnlySpan<byte> property, Place place, int prefix)
    {
        _toAttributes = property.SequenceEqual("#attributes"u8);
        var isText = property.SequenceEqual("#text"u8)
            || (place is Place.Element or Place.Data && property.SequenceEqual("Value"u8));
        var isName = place == Place.Data && (property.SequenceEqual("@Name"u8) || property.SequenceEqual("Name"u8));
        if (!_toAttributes && !isText && !isName) return false;
        if (place == Place.Data) Part = isText ? DataPart.Text : isName ? DataPart.Name : DataPart.None;
        _end = prefix;
        return true;
    }

    private static byte[]? AliasOfWinlog(ReadOnlySpan<byte> written)
    {
        foreach (var (name, sigma) in WinlogNames)
        {
            if (written.SequenceEqual(name)) return sigma;
        }

        return null;
    }

    /// <summary>An object or array on the way.</summary>
    /// <param name="OwnStart">Where its own path begins.</param>
    /// <param name="Prefix">Where its own path ends, to which the names in it are joined; less than 0 when it is too long.</param>
    /// <param name="Start">Where the paths in it begin.</param>
    /// <param name="Place">What it is.</param>
    private readonly record struct Level(int OwnStart, int Prefix, int Start, Place Place);
}
