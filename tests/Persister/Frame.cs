using System.Buffers.Binary;

namespace Picket.Persister;

/// <summary>A line of what the program tells the test, of a fixed size, so that a kill cuts at most the last one.</summary>
/// <param name="Kind">What is told.</param>
/// <param name="Id">Of which persistence id, from 0.</param>
/// <param name="Place">The event's place in its atomic write, from 0.</param>
/// <param name="Size">How many events that write has.</param>
/// <param name="SequenceNr">The event's number, or how far a state goes.</param>
/// <param name="Sum">The event's or the state's.</param>
internal readonly record struct Frame(Kind Kind, byte Id, byte Place, byte Size, uint SequenceNr, ulong Sum)
{
    /// <summary>Bytes of a frame.</summary>
    public const int Length = 16;

    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)Kind;
        bytes[1] = Id;
        bytes[2] = Place;
        bytes[3] = Size;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], SequenceNr);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], Sum);
    }

    public static Frame Read(ReadOnlySpan<byte> bytes) => new((Kind)bytes[0], bytes[1], bytes[2], bytes[3],
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
}
