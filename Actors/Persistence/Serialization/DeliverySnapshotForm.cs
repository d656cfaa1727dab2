using System.Text;

namespace Picket.Actors.Persistence.Serialization;

/// <summary>
/// The bytes of an <see cref="AtLeastOnceDeliverySnapshot"/>: the last id, the number of deliveries, and of each its id, its path, and its
/// message's manifest, length and bytes. Frozen.
/// </summary>
internal static class DeliverySnapshotForm
{
    public const string Manifest = "at-least-once-delivery";

    public static byte[] Write(AtLeastOnceDeliverySnapshot snapshot, EventSerializers messages)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(snapshot.CurrentDeliveryId);
        writer.Write(snapshot.UnconfirmedDeliveries.Length);
        foreach (var delivery in snapshot.UnconfirmedDeliveries)
        {
            var message = messages.Write(delivery.Message);
            writer.Write(delivery.DeliveryId);
            writer.Write(delivery.Destination.ToSerializationFormat());
            writer.Write(message.Manifest);
            writer.Write(message.Bytes.Length);
            writer.Write(message.Bytes);
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static AtLeastOnceDeliverySnapshot Read(ReadOnlyMemory<byte> bytes, EventSerializers messages)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
        var current = reader.ReadInt64();
        var count = reader.ReadInt32();
        var deliveries = new List<UnconfirmedDelivery>();
        for (var i = 0; i < count; i++)
        {
            var id = reader.ReadInt64();
            var destination = ActorPath.Parse(reader.ReadString());
            var manifest = reader.ReadString();
            var length = reader.ReadInt32();
            var message = reader.ReadBytes(length);
            if (message.Length != length) throw new EventSerializationException($"{message.Length} bytes where {length} are needed");
            deliveries.Add(new UnconfirmedDelivery(id, destination, messages.Read(manifest, message)));
        }

        return new AtLeastOnceDeliverySnapshot(current, [.. deliveries]);
    }
}
