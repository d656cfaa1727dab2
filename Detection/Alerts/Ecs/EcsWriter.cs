using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>
/// Writes one ECS document as one line. Values that are empty are left out, objects and arrays that would be empty too.
/// Bytes that are not UTF-8 are written with U+FFFD in their place and kept in base64 for the end of the document.
/// </summary>
internal sealed class EcsWriter : IDisposable
{
    // Relaxed: the line goes into a file and never into HTML. It still escapes control characters, so a line stays a line.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = false };

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;
    private readonly int _longest;
    private readonly int _mostItems;
    private readonly List<string> _path = [];
    private readonly List<(string Path, byte[] Bytes)> _twins = [];
    private readonly List<string> _truncated = [];
    private int _open;
    private int _items = -1;

    /// <param name="longest">Longest text in bytes.</param>
    /// <param name="mostItems">Most items of an array.</param>
    internal EcsWriter(int longest, int mostItems)
    {
        _longest = longest;
        _mostItems = mostItems;
        _json = new Utf8JsonWriter(_buffer, Format);
        _json.WriteStartObject();
    }

    /// <summary>Begins an object; it appears when something is put into it.</summary>
    internal void Begin(string name) => _path.Add(name);

    /// <summary>
    /// Begins an object that is an item of the array begun last; false when the array is full. It holds no arrays itself.
    /// </summary>
    internal bool BeginItem()
    {
        if (IsFull()) return false;
        _json.WriteStartObject();
        _path.Add((_items++).ToString(CultureInfo.InvariantCulture));
        _open++;
        return true;
    }

    /// <summary>Ends the innermost object.</summary>
    internal void End()
    {
        if (_open == _path.Count)
        {
            _json.WriteEndObject();
            _open--;
        }

        _path.RemoveAt(_path.Count - 1);
    }

    /// <summary>Begins an array; it appears even when it stays empty, so callers ask first.</summary>
    internal void BeginArray(string name)
    {
        OpenPath();
        _json.WriteStartArray(name);
        _path.Add(name);
        _open++;
        _items = 0;
    }

    internal void EndArray()
    {
        _json.WriteEndArray();
        _path.RemoveAt(_path.Count - 1);
        _open--;
        _items = -1;
    }

    internal void Text(string name, string? text)
    {
        if (!string.IsNullOrEmpty(text)) Text(name, Encoding.UTF8.GetBytes(text));
    }

    internal void Text(string name, ReadOnlySpan<byte> text) => Text(name, text, _longest);

    internal void Text(string name, ReadOnlySpan<byte> text, int longest)
    {
        if (text.IsEmpty) return;
        OpenPath();
        _json.WritePropertyName(name);
        Value(text, longest, name);
    }

    /// <summary>An item of the array begun last.</summary>
    internal void Item(ReadOnlySpan<byte> text)
    {
        if (IsFull()) return;
        Value(text, _longest, _items.ToString(CultureInfo.InvariantCulture));
        _items++;
    }

    internal void Item(string text) => Item(Encoding.UTF8.GetBytes(text));

    /// <summary>An array of texts; nothing when there are none.</summary>
    internal void Texts(string name, IReadOnlyCollection<string> texts)
    {
        if (texts.Count == 0) return;
        BeginArray(name);
        foreach (var text in texts) Item(text);
        EndArray();
    }

    internal void Number(string name, long number)
    {
        OpenPath();
        _json.WriteNumber(name, number);
    }

    /// <summary>A number that need not be whole; one that is none is left out, since JSON has no form for it.</summary>
    internal void Decimal(string name, double number)
    {
        if (!double.IsFinite(number)) return;
        OpenPath();
        _json.WriteNumber(name, number);
    }

    internal void Flag(string name, bool value)
    {
        OpenPath();
        _json.WriteBoolean(name, value);
    }

    /// <summary>A date: ISO 8601 in UTC with nanoseconds.</summary>
    internal void Time(string name, long sinceEpochNs) => Text(name, EcsTime.Format(sinceEpochNs));

    /// <summary>What was cut and what was not UTF-8; written last.</summary>
    internal void Remainders()
    {
        if (_truncated.Count > 0)
        {
            // Not by Texts: the list of what was cut is not cut itself.
            OpenPath();
            _json.WriteStartArray("truncated");
            foreach (var path in _truncated) _json.WriteStringValue(path);
            _json.WriteEndArray();
        }

        if (_twins.Count == 0) return;
        Begin("bytes");
        OpenPath();
        foreach (var (path, bytes) in _twins) _json.WriteBase64String(path, bytes);
        End();
    }

    /// <summary>Ends the document and returns its line.</summary>
    internal ReadOnlyMemory<byte> Finish()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenMemory;
    }

    public void Dispose() => _json.Dispose();

    private bool IsFull()
    {
        if (_items < _mostItems) return false;
        if (_items++ == _mostItems) _truncated.Add(PathOf(""));
        return true;
    }

    private void Value(ReadOnlySpan<byte> text, int longest, string name)
    {
        var whole = text;
        if (text.Length > longest)
        {
            _truncated.Add(PathOf(name));
            var cut = longest;
            while (cut > 0 && longest - cut < 3 && (text[cut] & 0xC0) == 0x80) cut--;
            text = text[..cut];
        }

        if (Utf8.IsValid(text))
        {
            _json.WriteStringValue(text);
            return;
        }

        _json.WriteStringValue(Encoding.UTF8.GetString(text));
        _twins.Add((PathOf(name), whole[..Math.Min(whole.Length, longest)].ToArray()));
    }

    private void OpenPath()
    {
        while (_open < _path.Count) _json.WriteStartObject(_path[_open++]);
    }

    private string PathOf(string name)
    {
        var text = new StringBuilder();
        foreach (var part in _path) text.Append(part).Append('.');
        return name.Length == 0 ? text.ToString().TrimEnd('.') : text.Append(name).ToString();
    }
}
