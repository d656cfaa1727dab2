using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Dns;
using Picket.Sensors.Ebpf.Records;
using Picket.Sensors.Linux;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>Decodes connections and datagrams, and names the addresses that DNS gave before.</summary>
internal static class NetworkDecoder
{
    private static readonly EventRoute Connection = RecordFields.RouteOf(EventKind.NetworkConnect);
    private static readonly EventRoute Attempt = RecordFields.RouteOf(EventKind.NetworkAttempt);
    private static readonly EventRoute Refused = RecordFields.RouteOf(EventKind.NetworkRefused);
    private static readonly EventRoute Bind = RecordFields.RouteOf(EventKind.NetworkBind);
    private static readonly EventRoute Listen = RecordFields.RouteOf(EventKind.NetworkListen);

    /// <summary>Decodes a record of the network concern.</summary>
    public static DecodeResult Decode(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch, DnsState dns) // hot
    {
        if (kind is < RecordKind.Connect or > RecordKind.Datagram) return DecodeResult.Unknown;
        if (bytes.Length < Unsafe.SizeOf<NetworkRecord>()) return DecodeResult.Malformed;
        ref readonly var record = ref MemoryMarshal.AsRef<NetworkRecord>(bytes);
        switch (kind)
        {
            case RecordKind.Connect or RecordKind.Accept or RecordKind.Datagram:
                batch.Add((EventKind)kind).Route = Connection;
                break;
            case RecordKind.Attempt:
                batch.Add(EventKind.NetworkAttempt).Route = Attempt;
                break;
            case RecordKind.Refused:
                batch.Add(EventKind.NetworkRefused).Route = Refused;
                break;
            case RecordKind.Bind:
                batch.Add(EventKind.NetworkBind).Route = Bind;
                EndFields.Local(batch, record.Ends);
                return DecodeResult.Decoded;
            case RecordKind.Listen:
                batch.Add(EventKind.NetworkListen).Route = Listen;
                EndFields.Local(batch, record.Ends);
                return DecodeResult.Decoded;
            default:
                return DecodeResult.Unknown;
        }

        var outward = (record.Flags & NetworkFlags.Initiated) != 0;
        EndFields.Both(batch, record.Ends, outward);
        if (dns.Names.TryFind(record.Ends.Network, EndFields.AddressOf(record.Ends.Remote), record.Header.Time, out var name))
            batch.AddText(outward ? Fields.DestinationHostname : Fields.SourceHostname, name);
        if (kind == RecordKind.Refused) AddError(batch, record.Error);
        return DecodeResult.Decoded;
    }

    private static void AddError(EventBatch batch, uint error) // hot
    {
        var name = ErrorNames.Of(error);
        if (error == 0) batch.AddText(Fields.ErrorName, "closed"u8);
        else if (!name.IsEmpty) batch.AddText(Fields.ErrorName, name);
        else RecordFields.Number(batch, Fields.ErrorName, error);
    }
}
