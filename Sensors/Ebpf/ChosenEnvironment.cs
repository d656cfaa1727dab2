using Picket.Detection.Events;

namespace Picket.Sensors.Ebpf;

/// <summary>The environment variables that are kept; the kernel program knows the same names (chosen() in bpf/process.bpf.c).</summary>
internal static class ChosenEnvironment
{
    /// <summary>SSH_CLIENT, where SSH_CONNECTION was not passed on.</summary>
    public static readonly FieldId SshClient = FieldTable.Intern("SshClient");

    /// <summary>
    /// The field that <c>NAME=value</c> belongs to and where the value begins; <see cref="FieldId.Unnamed"/> for any other name.
    /// </summary>
    public static FieldId FieldOf(ReadOnlySpan<byte> text, out int value) // hot
    {
        value = text.IndexOf((byte)'=') + 1;
        return text[..value] switch
        {
            [.. var name] when name.SequenceEqual("LD_PRELOAD="u8) => Fields.LdPreload,
            [.. var name] when name.SequenceEqual("LD_LIBRARY_PATH="u8) => Fields.LdLibraryPath,
            [.. var name] when name.SequenceEqual("LD_AUDIT="u8) => Fields.LdAudit,
            [.. var name] when name.SequenceEqual("SSH_CONNECTION="u8) => Fields.SshConnection,
            [.. var name] when name.SequenceEqual("SSH_CLIENT="u8) => SshClient,
            _ => FieldId.Unnamed,
        };
    }
}
