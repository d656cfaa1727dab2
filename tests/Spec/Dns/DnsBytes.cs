using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Picket.Spec.Dns;

/// <summary>Writes messages of DNS, right ones and others.</summary>
internal sealed class DnsBytes
{
    private readonly List<byte> _bytes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public int Length => _bytes.Count;

    public static DnsBytes Query(ushort id, string name, ushort type = 1) => new DnsBytes().Head(id, 0x0100).Ask(name, type);

    public static DnsBytes Answer(ushort id, string name, ushort type = 1, int code = 0) => new DnsBytes().Head(id, (ushort)(0x8180 | code)).Ask(name, type);

    public DnsBytes Head(ushort id, ushort flags)
    {
        Set(0, id);
        Set(2, flags);
        return this;
    }

    public DnsBytes Ask(string name, ushort type)
    {
        Count(4);
        return Name(name).Number(type).Number(1);
    }

    public DnsBytes Name(string name)
    {
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries)) Label(Encoding.Latin1.GetBytes(label));
        _bytes.Add(0);
        return this;
    }

    public DnsBytes Label(params ReadOnlySpan<byte> label)
    {
        _bytes.Add((byte)label.Length);
        _bytes.AddRange(label);
        return this;
    }

    public DnsBytes Pointer(int to) => Number((ushort)(0xc000 | to));

    public DnsBytes Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public DnsBytes Number(ushort value) => Raw((byte)(value >> 8), (byte)value);

    public DnsBytes Address(string owner, string address, uint life = 300)
    {
        var bytes = IPAddress.Parse(address).GetAddressBytes();
        return Record(owner, bytes.Length == 4 ? (ushort)1 : (ushort)28, life, bytes);
    }

    public DnsBytes Alias(string owner, string target, uint life = 300) => Record(owner, 5, life, new DnsBytes().Name(target)._bytes.Skip(12).ToArray());

    public DnsBytes Record(string owner, ushort type, uint life, params ReadOnlySpan<byte> data)
    {
        Count(6);
        Name(owner).Number(type).Number(1).Number((ushort)(life >> 16)).Number((ushort)life).Number((ushort)data.Length);
        return Raw(data);
    }

    public DnsBytes Count(int at, int by = 1)
    {
        Set(at, (ushort)(BinaryPrimitives.ReadUInt16BigEndian([.. _bytes.Skip(at).Take(2)]) + by));
        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    /// <summary>With TCP's length before it.</summary>
    public byte[] Framed() => [(byte)(_bytes.Count >> 8), (byte)_bytes.Count, .. _bytes];

    private void Set(int at, ushort value)
    {
        _bytes[at] = (byte)(value >> 8);
        _bytes[at + 1] = (byte)value;
    }
}
