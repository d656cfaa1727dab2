using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Picket.Detection.Events;
using Picket.Sensors.Dns;
using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>
/// Decodes packets to and from name servers: each message becomes an event, each answer that was asked for names its
/// addresses. What others write into such packets is not believed: it is read with bounds, and never thrown over.
/// </summary>
internal static class DnsDecoder
{
    private const ushort Tcp = 6;

    private static readonly EventRoute Query = RecordFields.RouteOf(EventKind.DnsQuery);
    private static readonly EventRoute Answer = RecordFields.RouteOf(EventKind.DnsAnswer);

    /// <summary>Decodes a record of the dns concern; a part of a message gives no event yet.</summary>
    public static DecodeResult Decode(RecordKind kind, ReadOnlySpan<byte> bytes, EventBatch batch, DnsState dns) // hot
    {
        if (kind is not (RecordKind.DnsQuery or RecordKind.DnsAnswer)) return DecodeResult.Unknown;
        var size = Unsafe.SizeOf<DnsRecord>();
        if (bytes.Length < size) return DecodeResult.Malformed;
        ref readonly var record = ref MemoryMarshal.AsRef<DnsRecord>(bytes);
        if (!RecordFields.Fits(record.Payload, size, (uint)bytes.Length)) return DecodeResult.Malformed;
        var payload = RecordFields.BytesOf(bytes, record.Payload);
        var asks = kind == RecordKind.DnsQuery;
        if (record.Ends.Protocol != Tcp)
        {
            // A sender may hand over several datagrams as one, which are parted later: what fits into a batch is looked at.
            var each = record.Sequence == 0 ? payload.Length : (int)Math.Min(record.Sequence, (uint)payload.Length);
            for (var i = 0; i < RecordDecoder.MostPerRecord && (i == 0 || payload.Length > 0); i++)
            {
                var one = payload[..Math.Min(each, payload.Length)];
                payload = payload[one.Length..];
                Message(record, one, asks, batch, dns);
            }

            return DecodeResult.Decoded;
        }

        dns.Streams.Append(record.Socket, !asks, record.Sequence, (record.Flags & DnsFlags.StreamBegins) != 0, payload);
        for (var i = 0; i < RecordDecoder.MostPerRecord && dns.Streams.TryNext(out var message); i++)
            Message(record, message, asks, batch, dns);
        return DecodeResult.Decoded;
    }

    private static void Message(in DnsRecord record, ReadOnlySpan<byte> bytes, bool asks, EventBatch batch, DnsState dns) // hot
    {
        Span<byte> name = stackalloc byte[DnsName.LongestText];
        if (!DnsMessage.TryRead(bytes, name, out var length, out var message))
        {
            Begin(batch, record, asks);
            RecordFields.Boolean(batch, Fields.Malformed, true);
            return;
        }

        // A name server of this host that answers from port 53 to port 53, or is asked so: its clients are looked at themselves.
        if (message.IsResponse == asks) return;
        var question = (ReadOnlySpan<byte>)name[..length];
        Begin(batch, record, asks);
        if (length > 0)
        {
            batch.AddText(Fields.QueryName, question);
            Span<byte> type = stackalloc byte[DnsTypes.LongestName];
            batch.AddText(Fields.QueryType, type[..DnsTypes.Write(message.Type, type)]);
        }

        if (asks)
        {
            dns.Pending.Add(record.Socket, message.Id, question, message.Type);
            return;
        }

        var solicited = dns.Pending.TryTake(record.Socket, message.Id, question, message.Type);
        RecordFields.Number(batch, Fields.QueryStatus, (ulong)message.ResponseCode);
        dns.Answers.Read(message, question);
        if (!dns.Answers.Text.IsEmpty) batch.AddText(Fields.QueryResults, dns.Answers.Text);
        if (!solicited)
        {
            RecordFields.Boolean(batch, Fields.Unsolicited, true);
            return;
        }

        foreach (var address in dns.Answers.Addresses)
            dns.Names.Set(record.Ends.Network, address, question, record.Header.Time, dns.Answers.TimeToLive);
    }

    /// <summary>The source is the end that asks, also of an answer, so that a rule on the server's address sees both.</summary>
    private static void Begin(EventBatch batch, in DnsRecord record, bool asks) // hot
    {
        batch.Add(asks ? EventKind.DnsQuery : EventKind.DnsAnswer).Route = asks ? Query : Answer;
        EndFields.Both(batch, record.Ends, outward: true);
    }
}
