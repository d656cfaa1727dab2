using System.Buffers.Binary;
using System.Buffers.Text;

namespace Picket.Sensors.Dns;

/// <summary>
/// The answers of a message as Sysmon writes them: addresses as they are, <c>type:  5 name</c> for others, each followed by a
/// semicolon. Beside it the addresses that the asked name leads to, over a chain of CNAMEs.
/// </summary>
/// <remarks>Keeps its room: one per reader, not thread-safe.</remarks>
internal sealed class DnsAnswers
{
    private const int MostText = 2048;
    private const int MostAddresses = 64;
    private const int RecordHead = 10;
    private const ushort Internet = 1;

    private readonly byte[] _text = new byte[MostText];
    private readonly byte[] _name = new byte[DnsName.LongestText];
    private readonly byte[] _value = new byte[DnsName.LongestText];
    private readonly byte[] _target = new byte[DnsName.LongestText];
    private readonly UInt128[] _addresses = new UInt128[MostAddresses];
    private int _length;
    private int _targetLength;
    private int _count;

    /// <summary>The answers in words.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>The addresses that the asked name leads to, as 16 bytes in network order.</summary>
    public ReadOnlySpan<UInt128> Addresses => _addresses.AsSpan(0, _count);

    /// <summary>The shortest time to live on the way to the addresses, in seconds.</summary>
    public uint TimeToLive { get; private set; }

    /// <summary>Whether not all answers could be read or held.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads the answers of <paramref name="message"/>, which was asked about <paramref name="question"/>.</summary>
    public void Read(in DnsMessage message, ReadOnlySpan<byte> question) // hot
    {
        _length = 0;
        _count = 0;
        TimeToLive = uint.MaxValue;
        IsCut = false;
        question.CopyTo(_target);
        _targetLength = question.Length;
        var at = message.AnswersAt;
        var bytes = message.Bytes;
        for (var i = 0; i < message.AnswerCount; i++)
        {
            if (!DnsName.TryRead(bytes, ref at, _name, out var nameLength) || bytes.Length - at < RecordHead)
            {
                IsCut = true;
                return;
            }

            var type = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            var kind = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
            var life = BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + 4)..]);
            var size = BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 8)..]);
            at += RecordHead;
            if (size > bytes.Length - at)
            {
                IsCut = true;
                return;
            }

            if (kind == Internet) Take(bytes, at, size, type, life, _name.AsSpan(0, nameLength));
            at += size;
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, int at, int size, ushort type, uint life, ReadOnlySpan<byte> owner) // hot
    {
        var onTheWay = owner.SequenceEqual(_target.AsSpan(0, _targetLength));
        switch (type)
        {
            case DnsTypes.A when size == 4:
                Address(AddressText.Mapped(bytes.Slice(at, size)), onTheWay, life);
                break;

            case DnsTypes.Aaaa when size == 16:
                Address(BinaryPrimitives.ReadUInt128BigEndian(bytes.Slice(at, size)), onTheWay, life);
                break;

            case DnsTypes.Cname or DnsTypes.Ns or DnsTypes.Ptr:
                Named(bytes, at, at + size, type);
                break;

            case DnsTypes.Mx when size > 2:
                Named(bytes, at + 2, at + size, type);
                break;

            case DnsTypes.Srv when size > 6:
                Named(bytes, at + 6, at + size, type);
                break;

            case DnsTypes.Txt:
                Begin(type);
                Texts(bytes.Slice(at, size));
                Put((byte)';');
                break;

            default:
                Begin(type);
                Put((byte)';');
                break;
        }

        if (type != DnsTypes.Cname || !onTheWay) return;
        if (!TryName(bytes, at, at + size, out var length)) return;
        _value.AsSpan(0, length).CopyTo(_target);
        _targetLength = length;
        TimeToLive = Math.Min(TimeToLive, life);
    }

    private void Address(UInt128 address, bool onTheWay, uint life) // hot
    {
        if (onTheWay)
        {
            if (_count < MostAddresses) _addresses[_count++] = address;
            TimeToLive = Math.Min(TimeToLive, life);
        }

        Span<byte> text = stackalloc byte[AddressText.Longest];
        Put(text[..AddressText.Write(address, text)]);
        Put((byte)';');
    }

    private void Named(ReadOnlySpan<byte> bytes, int at, int end, ushort type) // hot
    {
        Begin(type);
        if (TryName(bytes, at, end, out var length)) Put(_value.AsSpan(0, length));
        else IsCut = true;
        Put((byte)';');
    }

    /// <summary>Reads the name of a record's data; one that goes on behind them is of other records.</summary>
    private bool TryName(ReadOnlySpan<byte> bytes, int at, int end, out int length) => // hot
        DnsName.TryRead(bytes, ref at, _value, out length) && at <= end;

    /// <summary>The strings of a TXT record joined by nothing, as their readers join them; a semicolon in them is escaped.</summary>
    private void Texts(ReadOnlySpan<byte> data) // hot
    {
        while (!data.IsEmpty)
        {
            var length = Math.Min(data[0], data.Length - 1);
            foreach (var b in data.Slice(1, length))
            {
                if (b is (byte)';' or (byte)'\\') Put((byte)'\\');
                Put(b);
            }

            data = data[(1 + length)..];
        }
    }

    private void Begin(ushort type) // hot
    {
        Span<byte> digits = stackalloc byte[5];
        Utf8Formatter.TryFormat(type, digits, out var length);
        Put("type: "u8);
        Put(length < 2 ? " "u8 : default);
        Put(digits[..length]);
        Put((byte)' ');
    }

    private void Put(ReadOnlySpan<byte> text) // hot
    {
        var fits = Math.Min(text.Length, MostText - _length);
        if (fits < text.Length) IsCut = true;
        text[..fits].CopyTo(_text.AsSpan(_length));
        _length += fits;
    }

    private void Put(byte one) // hot
    {
        if (_length < MostText) _text[_length++] = one;
        else IsCut = true;
    }
}
