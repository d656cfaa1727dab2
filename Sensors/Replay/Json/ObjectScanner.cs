namespace Picket.Sensors.Replay.Json;

/// <summary>
/// Finds where a JSON object ends, over as many pieces of the input as it takes. It follows strings and brackets only; whether what lies
/// between is JSON is for the flattener to say. An object that was cut off is told from one that goes on by what cannot follow in any
/// JSON: a line end in a string, and a <c>{</c> at the beginning of a line where neither a value nor an element is due.
/// </summary>
internal struct ObjectScanner
{
    private readonly int _indent;
    private ulong _arrays;
    private int _depth;
    private bool _inString;
    private bool _escaped;
    private byte _last;
    private bool _lineStart;
    private int _blanks;

    /// <summary>Begins at an object's <c>{</c>.</summary>
    /// <param name="indent">Blanks before it in its line, or the bytes before it: a record behind it begins no deeper.</param>
    public ObjectScanner(int indent) => _indent = indent;

    /// <summary>Whether a line of the object has ended.</summary>
    public bool SpansLines { get; private set; }

    /// <summary>Goes on with the next piece.</summary>
    /// <param name="bytes">The bytes behind those of the former pieces.</param>
    /// <param name="used">
    /// Bytes of the piece that are the object's; when it was cut off, those before the line end, or before the line of the next record:
    /// less than 0 when that began in the piece before.
    /// </param>
    public ScanOutcome Scan(ReadOnlySpan<byte> bytes, out int used) // hot
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            if (_inString)
            {
                if (_escaped)
                {
                    _escaped = false;
                    continue;
                }

                var stop = bytes[at..].IndexOfAny((byte)'"', (byte)'\\', (byte)'\n');
                if (stop < 0) break;
                at += stop;
                if (bytes[at] == '\n')
                {
                    used = at;
                    return ScanOutcome.Cut;
                }

                if (bytes[at] == '\\') _escaped = true;
                else _inString = false;
                continue;
            }

            var letter = bytes[at];
            switch (letter)
            {
                case (byte)'\n':
                    SpansLines = true;
                    _lineStart = true;
                    _blanks = 0;
                    continue;

                case (byte)' ' or (byte)'\t':
                    if (_lineStart) _blanks++;
                    continue;

                case (byte)'\r':
                    continue;

                case (byte)'"':
                    _inString = true;
                    break;

                case (byte)'{' when _lineStart && _blanks <= _indent && !MayHoldObject():
                    used = at - _blanks;
                    return ScanOutcome.Cut;

                case (byte)'{' or (byte)'[':
                    Open(letter == '[');
                    break;

                case (byte)'}' or (byte)']':
                    if (--_depth == 0)
                    {
                        used = at + 1;
                        return ScanOutcome.Whole;
                    }

                    break;
            }

            _last = letter;
            _lineStart = false;
        }

        used = bytes.Length;
        return ScanOutcome.More;
    }

    /// <summary>Whether JSON has room for an object behind what came last.</summary>
    private readonly bool MayHoldObject() => _last switch
    {
        0 or (byte)':' or (byte)'[' => true,
        (byte)',' => _depth > 64 || (_arrays & (1UL << (_depth - 1))) != 0,
        _ => false,
    };

    private void Open(bool array)
    {
        if (_depth < 64)
        {
            if (array) _arrays |= 1UL << _depth;
            else _arrays &= ~(1UL << _depth);
        }

        _depth++;
    }
}
