using System.Buffers.Binary;

namespace Picket.Sensors.Dns;

/// <summary>The head and the question of a message; <see cref="DnsAnswers"/> reads what follows.</summary>
internal readonly ref struct DnsMessage
{
    public const int HeaderSize = 12;

    private DnsMessage(ReadOnlySpan<byte> bytes, int answers, ushort type)
    {
        Bytes = bytes;
        AnswersAt = answers;
        Type = type;
    }

    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Where the first answer begins.</summary>
    public int AnswersAt { get; }

    /// <summary>The record type that is asked for; 0 in a message without a question.</summary>
    public ushort Type { get; }

    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(Bytes);

    public bool IsResponse => (Bytes[2] & 0x80) != 0;

    /// <summary>The four bits of the header; the upper eight of EDNS are not added.</summary>
    public int ResponseCode => Bytes[3] & 0x0f;

    public int AnswerCount => BinaryPrimitives.ReadUInt16BigEndian(Bytes[6..]);

    /// <summary>
    /// Reads head and first question; false for what is no such message.
    /// </summary>
    /// <param name="bytes">The message, without TCP's length.</param>
    /// <param name="name">Gets the name asked for, at least <see cref="DnsName.LongestText"/> bytes.</param>
    /// <param name="length">The name's length; 0 for a message without a question.</param>
    /// <param name="message">The message.</param>
    public static bool TryRead(ReadOnlySpan<byte> bytes, Span<byte> name, out int length, out DnsMessage message) // hot
    {
        const int QuestionTail = 4;
        message = default;
        length = 0;
        if (bytes.Length < HeaderSize) return false;
        var questions = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        var at = HeaderSize;
        ushort type = 0;
        for (var i = 0; i < questions; i++)
        {
            // Nobody answers more than one question; what follows the first is only passed over.
            if (i == MostQuestions) return false;
            if (i == 0 ? !DnsName.TryRead(bytes, ref at, name, out length) : !DnsName.TrySkip(bytes, ref at)) return false;
            if (bytes.Length - at < QuestionTail) return false;
            if (i == 0) type = BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);
            at += QuestionTail;
        }

        message = new DnsMessage(bytes, at, type);
        return true;
    }

    private const int MostQuestions = 8;
}
