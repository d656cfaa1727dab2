using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Context.Ancestry;

/// <summary>
/// The bytes of <see cref="AncestryChanged"/> and <see cref="AncestrySnapshot"/> in a store: little-endian numbers, counts before lists,
/// the numbers of a process and the lengths of its program as the blocks that they are in memory. Frozen by a test: another form gets
/// other manifests.
/// </summary>
internal static class AncestryForm
{
    /// <summary>The name of a change in a store.</summary>
    public const string ChangeManifest = "ancestry-change-1";

    /// <summary>The name of a snapshot in a store.</summary>
    public const string SnapshotManifest = "ancestry-1";

    /// <summary>A change's bytes.</summary>
    public static byte[] Write(AncestryChanged change)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(change.BootId);
        Write(writer, change.Kept, Write);
        Write(writer, change.Dropped, Write);
        Write(writer, change.Linked, Write);
        Write(writer, change.Unlinked, Write);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>A snapshot's bytes.</summary>
    public static byte[] Write(AncestrySnapshot snapshot)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(snapshot.BootId);
        Write(writer, snapshot.Ancestors, Write);
        Write(writer, snapshot.Links, Write);
        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>The change of such bytes.</summary>
    /// <exception cref="IOException">The bytes are of no change.</exception>
    public static AncestryChanged ReadChange(ReadOnlyMemory<byte> bytes)
    {
        using var reader = Open(bytes);
        var change = new AncestryChanged(reader.ReadString(), ReadList(reader, ReadAncestor), ReadList(reader, ReadId),
            ReadList(reader, ReadLink), ReadList(reader, ReadKey));
        return AtEnd(reader, change);
    }

    /// <summary>The snapshot of such bytes.</summary>
    /// <exception cref="IOException">The bytes are of no snapshot.</exception>
    public static AncestrySnapshot ReadSnapshot(ReadOnlyMemory<byte> bytes)
    {
        using var reader = Open(bytes);
        return AtEnd(reader, new AncestrySnapshot(reader.ReadString(), ReadList(reader, ReadAncestor), ReadList(reader, ReadLink)));
    }

    private static BinaryReader Open(ReadOnlyMemory<byte> bytes) => new(new MemoryStream(bytes.ToArray(), writable: false), Encoding.UTF8);

    private static T AtEnd<T>(BinaryReader reader, T value) =>
        reader.BaseStream.Position == reader.BaseStream.Length ? value : throw new IOException("there are bytes behind the end");

    private static void Write<T>(BinaryWriter writer, IReadOnlyList<T> items, Action<BinaryWriter, T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items) write(writer, item);
    }

    private static void Write(BinaryWriter writer, ProcessKey key)
    {
        writer.Write(key.StartNs);
        writer.Write(key.Pid);
    }

    private static void Write(BinaryWriter writer, AncestorId id)
    {
        Write(writer, id.Key);
        writer.Write(id.ExecutedNs);
    }

    private static void Write(BinaryWriter writer, AncestorLink link)
    {
        Write(writer, link.Child);
        Write(writer, link.Parent);
    }

    private static void Write(BinaryWriter writer, Ancestor ancestor)
    {
        Write(writer, ancestor.Id);
        Write(writer, ancestor.Parent);
        WriteBlock(writer, ancestor.Detail);
        WriteBlock(writer, ancestor.Program.Shape);
        var program = new byte[ancestor.Program.StoredLength];
        ancestor.Program.Store(program);
        writer.Write(program.Length);
        writer.Write(program);
    }

    private static void WriteBlock<T>(BinaryWriter writer, T block) where T : unmanaged
    {
        writer.Write(Unsafe.SizeOf<T>());
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in block)));
    }

    private static List<T> ReadList<T>(BinaryReader reader, Func<BinaryReader, T> read)
    {
        // What a wrong count asks for is not there to be read, so nothing is made of it in advance.
        var items = new List<T>();
        for (var left = reader.ReadInt32(); left > 0; left--) items.Add(read(reader));
        return items;
    }

    private static ProcessKey ReadKey(BinaryReader reader) => new(reader.ReadUInt64(), reader.ReadInt32());

    private static AncestorId ReadId(BinaryReader reader) => new(ReadKey(reader), reader.ReadUInt64());

    private static AncestorLink ReadLink(BinaryReader reader) => new(ReadKey(reader), ReadId(reader));

    private static Ancestor ReadAncestor(BinaryReader reader)
    {
        var id = ReadId(reader);
        var parent = ReadId(reader);
        var detail = ReadBlock<ProcessDetail>(reader);
        var shape = ReadBlock<ProgramShape>(reader);
        var program = ProgramImage.Load(shape, ReadBytes(reader))
            ?? throw new IOException($"the lengths of the program of process {id.Key} contradict its bytes");
        return new Ancestor(id, parent, detail, program);
    }

    private static T ReadBlock<T>(BinaryReader reader) where T : unmanaged
    {
        var bytes = ReadBytes(reader);
        return bytes.Length == Unsafe.SizeOf<T>()
            ? MemoryMarshal.Read<T>(bytes)
            : throw new IOException($"{typeof(T).Name} has {bytes.Length} bytes where {Unsafe.SizeOf<T>()} are needed");
    }

    private static byte[] ReadBytes(BinaryReader reader)
    {
        var length = reader.ReadInt32();
        if (length < 0 || length > reader.BaseStream.Length - reader.BaseStream.Position)
            throw new EndOfStreamException($"{length} bytes are not there");
        return reader.ReadBytes(length);
    }
}
