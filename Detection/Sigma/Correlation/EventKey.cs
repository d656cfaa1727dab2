using System.Buffers.Binary;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// The values of an event's fields as one run of bytes, each with its length, so that different values never give the same run: a tag that
/// says whether the event has the field, the length, the bytes.
/// </summary>
internal sealed class EventKey
{
    private const int HeadBytes = 5;
    private const byte Absent = 0, Present = 1;

    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>The run.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length); // hot

    /// <summary>How many of the fields the event has.</summary>
    public int Found { get; private set; }

    /// <summary>Takes the first value of each field. A field that is null is one that the event does not have.</summary>
    public void Read(in EventView view, FieldId[] fields) // hot
    {
        _length = Found = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            var value = view.First(fields[i]);
            var text = value.Text;
            var isThere = value.Kind > FieldKind.Null;
            if (isThere) Found++;
            if (_bytes.Length - _length < HeadBytes + text.Length) Array.Resize(ref _bytes, 2 * (_length + HeadBytes + text.Length));
            _bytes[_length] = isThere ? Present : Absent;
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_length + 1), text.Length);
            text.CopyTo(_bytes.AsSpan(_length + HeadBytes));
            _length += HeadBytes + text.Length;
        }
    }

    /// <summary>The values of such a run, for people; null for a field that was not there.</summary>
    public static string?[] TextsOf(ReadOnlySpan<byte> run)
    {
        var texts = new List<string?>();
        while (!run.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(run[1..]);
            texts.Add(run[0] == Present ? Encoding.UTF8.GetString(run.Slice(HeadBytes, length)) : null);
            run = run[(HeadBytes + length)..];
        }

        return [.. texts];
    }
}
