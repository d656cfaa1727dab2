using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>Decodes the system calls of the privilege concern.</summary>
internal static class CallDecoder
{
    private static readonly EventRoute Memfd = RecordFields.RouteOf(EventKind.Memfd);

    /// <summary>Decodes a record of the privilege concern.</summary>
    public static DecodeResult Decode(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch) // hot
    {
        var size = Unsafe.SizeOf<CallRecord>();
        if (bytes.Length < size) return DecodeResult.Malformed;
        ref readonly var call = ref MemoryMarshal.AsRef<CallRecord>(bytes);
        if (!RecordFields.Fits(call.Text, size, (uint)bytes.Length)) return DecodeResult.Malformed;
        if (kind != RecordKind.Memfd) return DecodeResult.Unknown;
        batch.Add(EventKind.Memfd).Route = Memfd;
        var shift = RecordFields.CopyHeap(batch, bytes, size);
        RecordFields.Text(batch, Fields.TargetFilename, call.Text, shift);
        return DecodeResult.Decoded;
    }
}
