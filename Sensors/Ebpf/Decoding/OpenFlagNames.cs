using Picket.Detection.Events;

namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>The flags of open(2) by their names. The numbers are those of x86 and Arm alike, but for O_DIRECT and O_DIRECTORY.</summary>
internal static class OpenFlagNames
{
    private const uint AccessMode = 3;

    private static readonly (uint Bits, byte[] Name)[] Named =
    [
        (0x40, "O_CREAT"u8.ToArray()), (0x80, "O_EXCL"u8.ToArray()), (0x200, "O_TRUNC"u8.ToArray()), (0x400, "O_APPEND"u8.ToArray()),
        (0x800, "O_NONBLOCK"u8.ToArray()), (0x101000, "O_SYNC"u8.ToArray()), (0x80000, "O_CLOEXEC"u8.ToArray()),
        (0x400000, "O_TMPFILE"u8.ToArray()),
    ];

    /// <summary>Adds <see cref="Fields.OpenFlags"/>.</summary>
    public static void Add(EventBatch batch, uint flags) // hot
    {
        Span<byte> text = stackalloc byte[128];
        var length = 0;
        FlagList.Append(text, ref length, (flags & AccessMode) switch
        {
            0 => "O_RDONLY"u8,
            1 => "O_WRONLY"u8,
            _ => "O_RDWR"u8,
        });
        for (var i = 0; i < Named.Length; i++)
        {
            if ((flags & Named[i].Bits) == Named[i].Bits) FlagList.Append(text, ref length, Named[i].Name);
        }

        batch.AddText(Fields.OpenFlags, text[..length]);
    }
}
