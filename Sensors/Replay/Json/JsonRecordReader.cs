using System.Text.Json;
using Picket.Detection.Events;

namespace Picket.Sensors.Replay.Json;

/// <summary>
/// Reads JSON objects, in constant memory: one a line, one behind the other, over several lines each, or in arrays, and any mixture of
/// these; also those in the array that a cloud or a store puts them into. What is no record is counted and told with its place; the next
/// record is read.
/// </summary>
public sealed class JsonRecordReader : WindowReader
{
    /// <summary>The longest record that is read, in bytes. A longer one is malformed.</summary>
    public const int MaxRecord = 16 * 1024 * 1024;

    /// <summary>A line of more bytes is not looked at as one.</summary>
    private const int LongestLine = 128 * 1024;

    private readonly RecordFlattener _flattener = RecordFlattener.Make();
    private readonly JournalEntry _journal = new();
    private ulong _lastSequence;
    private int _arrays;

    /// <summary>Objects that are open around the array of records, and end behind it.</summary>
    private int _wrappers;

    /// <summary>Whether the last record was not one in a line of its own: then the end of the next one is looked for first.</summary>
    private bool _frames;

    /// <summary>Reads <paramref name="input"/>, which the reader then owns.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="file">What alerts and errors call the input.</param>
    /// <param name="onMalformed">Told of each part that is no record, in order.</param>
    public JsonRecordReader(Stream input, string file, Action<MalformedRecord> onMalformed)
        : base(input, new EventSource("replay", "", file, 0), onMalformed)
    {
    }

    private protected override bool TryNext(EventBatch batch)
    {
        if (!GoToRecord()) return false;
        if (Window.Rest[0] != '{') SkipOther();
        else if (_arrays == 0 && TryUnwrap()) return true;
        else if (_frames || !TryLine(batch)) Frame(batch);
        return true;
    }

    /// <summary>Goes to the next byte that is neither blank nor what stands between the elements of an array; false at the end.</summary>
    private bool GoToRecord()
    {
        while (true)
        {
            var rest = Window.Rest;
            var blanks = 0;
            var closes = false;
            for (; blanks < rest.Length && !closes; blanks++)
            {
                var letter = rest[blanks];
                if (letter == '[') _arrays++;
                else if (letter == ']' && _arrays > 0) closes = --_arrays == 0 && _wrappers > 0;
                else if (letter is not ((byte)'\n' or (byte)' ' or (byte)'\r' or (byte)'\t' or (byte)',')) break;
            }

            if (blanks > 0) Window.Advance(blanks);
            if (closes) CloseWrappers();
            else if (blanks < rest.Length && rest[blanks] == 0) SkipNul();
            else if (blanks < rest.Length) return true;
            else if (!Window.Read() && Window.Rest.IsEmpty) return false;
        }
    }

    /// <summary>
    /// Skips a hole: a log that was cut back while its writer stayed where it was begins with one, and a crash leaves one. It is told once.
    /// </summary>
    private void SkipNul()
    {
        Reject(Window.Line, Window.Column, "NUL bytes between the records are left out.");
        while (true)
        {
            var end = Window.Rest.IndexOfAnyExcept((byte)0);
            Window.Advance(end < 0 ? Window.Rest.Length : end);
            if (end >= 0 || !Window.Read()) return;
        }
    }

    /// <summary>
    /// Goes into the array of what a store or a cloud answers with, <c>{"Records":[...]}</c>, whose elements are the records; false for
    /// any other object.
    /// </summary>
    private bool TryUnwrap()
    {
        while (true)
        {
            switch (WrappedArray.Find(Window.Rest, Window.Ended, out var start, out var depth))
            {
                case WrappedArray.Answer.Yes:
                    Window.Advance(start);
                    _wrappers = depth;
                    return true;
                case WrappedArray.Answer.More:
                    Window.Read();
                    continue;
                default:
                    return false;
            }
        }
    }

    /// <summary>Skips what the objects around the array of records have behind it.</summary>
    private void CloseWrappers()
    {
        var depth = _wrappers;
        _wrappers = 0;
        var inString = false;
        var first = true;
        while (true)
        {
            var rest = Window.Rest;
            for (var at = 0; at < rest.Length; at++)
            {
                var letter = rest[at];
                if (inString)
                {
                    // An escaped character is one that ends nothing; the next piece may begin with it.
                    if (letter == '\\' && at + 1 == rest.Length && !Window.Ended)
                    {
                        Window.Advance(at);
                        rest = default;
                        break;
                    }

                    if (letter == '\\') at++;
                    else inString = letter != '"';
                    continue;
                }

                if (letter is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t') continue;

                // The object was cut off: what follows is another one.
                if (first && letter is not ((byte)',' or (byte)'}'))
                {
                    Window.Advance(at);
                    return;
                }

                first = false;
                if (letter == '"') inString = true;
                else if (letter is (byte)'{' or (byte)'[') depth++;
                else if (letter is (byte)'}' or (byte)']') depth--;
                if (depth > 0) continue;
                Window.Advance(at + 1);
                return;
            }

            Window.Advance(rest.Length);
            if (!Window.Read() && Window.Rest.IsEmpty) return;
        }
    }

    /// <summary>Reads the record of this line; false when it does not end in it, or the line is a long one.</summary>
    private bool TryLine(EventBatch batch)
    {
        int end;
        while ((end = Window.Rest.IndexOf((byte)'\n')) < 0 && !Window.Ended)
        {
            if (Window.Rest.Length > LongestLine) return false;
            Window.Read();
        }

        var line = end < 0 ? Window.Rest : Window.Rest[..end];
        if (line.Length > LongestLine) return false;
        if (TryAdd(batch, line.TrimEnd(" \t\r"u8), out var used, out var failure))
        {
            var behind = line[used..].Trim(" \t\r,]"u8);
            _frames = !behind.IsEmpty;
            Window.Advance(used);
            return true;
        }

        var scanner = new ObjectScanner(Window.Column - 1);
        var outcome = scanner.Scan(line, out used);
        if (outcome == ScanOutcome.More && end >= 0) return false;
        Reject(line, failure!);
        Window.Advance(used);
        return true;
    }

    /// <summary>Reads a record whose end is looked for first.</summary>
    private void Frame(EventBatch batch)
    {
        var indent = Window.Column - 1;
        var (line, column) = (Window.Line, Window.Column);
        var scanner = new ObjectScanner(indent);
        var scanned = 0;
        var tooLong = false;
        while (true)
        {
            var outcome = scanner.Scan(Window.Rest[scanned..], out var used);
            scanned = Math.Max(0, scanned + used);
            if (outcome == ScanOutcome.More && !Window.Ended)
            {
                if (scanned >= MaxRecord)
                {
                    if (!tooLong) Reject(line, column, $"the record is longer than {MaxRecord} bytes");
                    tooLong = true;
                }

                if (tooLong)
                {
                    Window.Advance(scanned);
                    scanned = 0;
                }

                Window.Read();
                continue;
            }

            var record = Window.Rest[..scanned];
            if (!tooLong && !TryAdd(batch, record.TrimEnd(" \t\r\n"u8), out _, out var failure)) Reject(record, failure!);
            Window.Advance(scanned);
            if (outcome == ScanOutcome.Cut && scanner.SpansLines) SkipLines(indent);
            _frames = scanner.SpansLines || GoesOn();
            return;
        }
    }

    /// <summary>Whether the line goes on behind a record; when that is not known yet, the next one is framed like this one.</summary>
    private bool GoesOn()
    {
        var rest = Window.Rest;
        return rest.IsEmpty || rest[0] is not ((byte)'\n' or (byte)'\r');
    }

    /// <summary>Skips what is left of a record that was cut off: up to a line that begins with a <c>{</c> no deeper than it did.</summary>
    private void SkipLines(int indent)
    {
        while (true)
        {
            while (Window.Rest.Length <= indent && Window.Read())
            {
            }

            var rest = Window.Rest;
            var blanks = Window.Column == 1 ? rest.IndexOfAnyExcept((byte)' ', (byte)'\t') : -1;
            if (rest.IsEmpty || (blanks >= 0 && blanks <= indent && rest[blanks] == '{')) return;
            Window.SkipLine();
        }
    }

    /// <summary>Skips what is no object: in an array a value, else the rest of the line.</summary>
    private void SkipOther()
    {
        Reject(Window.Line, Window.Column, "A record must be one JSON object.");
        if (Window.Rest[0] is (byte)'}' or (byte)']')
        {
            Window.Advance(1);
            return;
        }

        if (_arrays == 0)
        {
            Window.SkipLine();
            return;
        }

        if (Window.Rest[0] == '"')
        {
            // The blanks, commas and brackets in a string end nothing.
            Window.Advance(1);
            SkipTo("\"\n"u8);
            if (!Window.Rest.IsEmpty) Window.Advance(1);
        }

        SkipTo(",]{\n"u8);
    }

    private void SkipTo(ReadOnlySpan<byte> ends)
    {
        while (true)
        {
            var end = Window.Rest.IndexOfAny(ends);
            Window.Advance(end < 0 ? Window.Rest.Length : end);
            if (end >= 0 || !Window.Read()) return;
        }
    }

    private bool TryAdd(EventBatch batch, ReadOnlySpan<byte> text, out int used, out JsonException? failure)
    {
        ref var record = ref batch.Add(EventKind.Unknown);
        record.Sequence = Math.Max((ulong)Window.Line, _lastSequence + 1);
        record.RawStart = batch.Append(text);
        record.RawLength = text.Length;
        try
        {
            used = _flattener.Flatten(batch, ref record, text);
        }
        catch (JsonException e)
        {
            batch.RemoveLast();
            failure = e;
            used = 0;
            return false;
        }

        record.RawLength = used;
        _lastSequence = record.Sequence;
        if (JournalEntry.Is(batch)) _journal.Read(batch, text[..used], _flattener);
        failure = null;
        Records++;
        return true;
    }

    private void Reject(ReadOnlySpan<byte> record, JsonException failure)
    {
        var at = failure.BytePositionInLine ?? 0;
        var line = failure.LineNumber ?? 0;
        if (failure.LineNumber is null)
        {
            var before = record[..(int)Math.Min(at, record.Length)];
            line = before.Count((byte)'\n');
            at -= before.LastIndexOf((byte)'\n') + 1;
        }

        var column = line == 0 ? Window.Column + at : at + 1;
        Reject(Window.Line + line, (int)Math.Min(column, int.MaxValue), Plain(failure.Message));
    }

    /// <summary>System.Text.Json appends its own place, which counts lines within the record: ours is the one that helps.</summary>
    private static string Plain(string message)
    {
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? message : message[..place];
    }
}
