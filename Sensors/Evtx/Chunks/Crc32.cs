using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmCrc32 = System.Runtime.Intrinsics.Arm.Crc32;

namespace Picket.Sensors.Evtx.Chunks;

/// <summary>
/// The CRC-32 of RFC 1952, which Windows puts over the parts of an event log: by carry-less multiplication (Intel's "Fast CRC Computation
/// for Generic Polynomials Using PCLMULQDQ") or the processor's own instruction, else by tables.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Tables = MakeTables();

    /// <summary>The sum of <paramref name="bytes"/>.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes); // hot

    /// <summary>The sum of two parts, one behind the other.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) => ~Add(Add(uint.MaxValue, first), second); // hot

    /// <summary>The sum by tables alone: what the faster ways are held to.</summary>
    internal static uint OfByTables(ReadOnlySpan<byte> bytes) => ~AddByTables(uint.MaxValue, bytes);

    private static uint Add(uint sum, ReadOnlySpan<byte> bytes) // hot
    {
        if (Pclmulqdq.IsSupported && bytes.Length >= 64)
        {
            var folded = bytes.Length & ~15;
            sum = AddByFolding(sum, bytes[..folded]);
            bytes = bytes[folded..];
        }
        else if (ArmCrc32.Arm64.IsSupported)
        {
            for (; bytes.Length >= 8; bytes = bytes[8..])
                sum = ArmCrc32.Arm64.ComputeCrc32(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        return AddByTables(sum, bytes);
    }

    /// <summary>Eight bytes a step.</summary>
    private static uint AddByTables(uint sum, ReadOnlySpan<byte> bytes) // hot
    {
        var tables = Tables;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ sum;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            sum = tables[0x700 + (low & 0xFF)] ^ tables[0x600 + ((low >> 8) & 0xFF)]
                ^ tables[0x500 + ((low >> 16) & 0xFF)] ^ tables[0x400 + (low >> 24)]
                ^ tables[0x300 + (high & 0xFF)] ^ tables[0x200 + ((high >> 8) & 0xFF)]
                ^ tables[0x100 + ((high >> 16) & 0xFF)] ^ tables[high >> 24];
        }

        foreach (var each in bytes) sum = tables[(sum ^ each) & 0xFF] ^ (sum >> 8);
        return sum;
    }

    /// <summary>Folds 64 bytes a step, then 16, then reduces. The length is a multiple of 16 and 64 at least.</summary>
    private static uint AddByFolding(uint sum, ReadOnlySpan<byte> bytes) // hot
    {
        var blocks = MemoryMarshal.Cast<byte, Vector128<ulong>>(bytes);
        var a = blocks[0] ^ Vector128.CreateScalar(sum).AsUInt64();
        var b = blocks[1];
        var c = blocks[2];
        var d = blocks[3];
        var by64 = Vector128.Create(0x0154442BD4UL, 0x01C6E41596UL);
        var at = 4;
        for (; at + 4 <= blocks.Length; at += 4)
        {
            a = Fold(a, by64, blocks[at]);
            b = Fold(b, by64, blocks[at + 1]);
            c = Fold(c, by64, blocks[at + 2]);
            d = Fold(d, by64, blocks[at + 3]);
        }

        var by16 = Vector128.Create(0x01751997D0UL, 0x00CCAA009EUL);
        a = Fold(Fold(Fold(a, by16, b), by16, c), by16, d);
        for (; at < blocks.Length; at++) a = Fold(a, by16, blocks[at]);

        // 128 bits to 64, then Barrett's reduction to 32.
        var lowWords = Vector128.Create(uint.MaxValue, 0, uint.MaxValue, 0).AsUInt64();
        a = Sse2.ShiftRightLogical128BitLane(a, 8) ^ Pclmulqdq.CarrylessMultiply(a, by16, 0x10);
        a = Sse2.ShiftRightLogical128BitLane(a, 4)
            ^ Pclmulqdq.CarrylessMultiply(a & lowWords, Vector128.CreateScalar(0x0163CD6124UL), 0);
        var barrett = Vector128.Create(0x01DB710641UL, 0x01F7011641UL);
        var quotient = Pclmulqdq.CarrylessMultiply(a & lowWords, barrett, 0x10) & lowWords;
        return (a ^ Pclmulqdq.CarrylessMultiply(quotient, barrett, 0)).AsUInt32()[1];
    }

    private static Vector128<ulong> Fold(Vector128<ulong> from, Vector128<ulong> by, Vector128<ulong> onto) => // hot
        Pclmulqdq.CarrylessMultiply(from, by, 0x00) ^ Pclmulqdq.CarrylessMultiply(from, by, 0x11) ^ onto;

    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0u; i < 256; i++)
        {
            var sum = i;
            for (var bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? (sum >> 1) ^ Polynomial : sum >> 1;
            tables[i] = sum;
        }

        for (var i = 256; i < tables.Length; i++) tables[i] = tables[tables[i - 256] & 0xFF] ^ (tables[i - 256] >> 8);
        return tables;
    }
}
