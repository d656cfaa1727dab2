using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Alerts;

namespace Picket.Detection.Sigma.Correlation;

/// <summary>
/// What groups took since the last snapshot, as bytes for the journal: each match that one took, and each firing behind the match that
/// completed it. Frozen by a test: another form gets another version.
/// </summary>
internal sealed class CorrelationEntries
{
    private const byte TakenVersion = 1, FiredVersion = 2;
    private const byte Alerts = 1, LeadsOn = 2;
    private const int IdBytes = 16;

    private byte[] _bytes = new byte[4096];

    /// <summary>Bytes in it.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Adds a match that a group took.</summary>
    /// <param name="correlation">The correlation's tag.</param>
    /// <param name="occurrence">The match.</param>
    /// <param name="key">The group's values.</param>
    public void AddTaken(ulong correlation, in Occurrence occurrence, ReadOnlySpan<byte> key) => // hot
        key.CopyTo(Add(TakenVersion, 0, correlation, occurrence, key.Length));

    /// <summary>Adds that a match completed a window.</summary>
    /// <param name="correlation">The correlation's tag.</param>
    /// <param name="occurrence">The match.</param>
    /// <param name="firing">The firing.</param>
    /// <param name="leadsOn">Whether other correlations hear of it.</param>
    public void AddFired(ulong correlation, in Occurrence occurrence, CorrelationFiring firing, bool leadsOn)
    {
        var flags = (byte)((firing.Rule.Alerts ? Alerts : 0) | (leadsOn ? LeadsOn : 0));
        var size = Unsafe.SizeOf<Window>() + (firing.Events.Count * IdBytes);
        var rest = Add(FiredVersion, flags, correlation, occurrence, size);
        var window = new Window { From = firing.FromNs, To = firing.ToNs, Count = firing.Count, Value = firing.Value };
        (window.IdHigh, window.IdLow) = ((ulong)(firing.Id.Value >> 64), (ulong)firing.Id.Value);
        MemoryMarshal.Write(rest, in window);
        rest = rest[Unsafe.SizeOf<Window>()..];
        foreach (var id in firing.Events)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(rest, id.Value);
            rest = rest[IdBytes..];
        }
    }

    /// <summary>Empties it.</summary>
    public void Clear() => Length = 0;

    /// <summary>Reads one entry of what <see cref="Bytes"/> gave.</summary>
    /// <param name="rest">What is left; moved behind the entry.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="key">The group's values of a match that was taken.</param>
    /// <returns>False at the end, and where the rest is of another version.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> rest, out CorrelationEntry entry, out ReadOnlySpan<byte> key)
    {
        entry = default;
        key = default;
        if (rest.Length < Unsafe.SizeOf<Head>()) return false;
        var head = MemoryMarshal.Read<Head>(rest);
        rest = rest[Unsafe.SizeOf<Head>()..];
        if (head.Length < 0 || head.Length > rest.Length) return false;
        var body = rest[..head.Length];
        rest = rest[head.Length..];
        if (head.Version == TakenVersion)
        {
            key = body;
            entry = new CorrelationEntry(head.Correlation, head.Occurrence, null);
            return true;
        }

        if (head.Version != FiredVersion || body.Length < Unsafe.SizeOf<Window>()) return false;
        var window = MemoryMarshal.Read<Window>(body);
        body = body[Unsafe.SizeOf<Window>()..];
        var events = new StableId[body.Length / IdBytes];
        for (var i = 0; i < events.Length; i++) events[i] = new StableId(BinaryPrimitives.ReadUInt128LittleEndian(body[(i * IdBytes)..]));
        entry = new CorrelationEntry(head.Correlation, head.Occurrence, new FiredWindow(
            new StableId(new UInt128(window.IdHigh, window.IdLow)), events, window.From, window.To, window.Count, window.Value,
            (head.Flags & Alerts) != 0, (head.Flags & LeadsOn) != 0));
        return true;
    }

    private Span<byte> Add(byte version, byte flags, ulong correlation, in Occurrence occurrence, int length) // hot
    {
        var size = Unsafe.SizeOf<Head>() + length;
        if (_bytes.Length - Length < size) Array.Resize(ref _bytes, 2 * (Length + size));
        var head = new Head { Version = version, Flags = flags, Correlation = correlation, Occurrence = occurrence, Length = length };
        var entry = _bytes.AsSpan(Length, size);
        MemoryMarshal.Write(entry, in head);
        Length += size;
        return entry[Unsafe.SizeOf<Head>()..];
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Head
    {
        public byte Version;
        public byte Flags;
        public ulong Correlation;
        public Occurrence Occurrence;
        public int Length;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Window
    {
        public ulong IdHigh;
        public ulong IdLow;
        public long From;
        public long To;
        public int Count;
        public double Value;
    }
}
