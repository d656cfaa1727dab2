using System.Globalization;
using System.Text;
using Picket.Detection.Context;

namespace Picket.Node.Self;

/// <summary>Who changed a file of the node's own, as far as it is known.</summary>
/// <param name="Executable">What it executes.</param>
/// <param name="CommandLine">Its command line.</param>
/// <param name="User">Its account's name or number.</param>
/// <param name="Parent">The process that forked it.</param>
internal sealed record FileToucher(string Executable, string CommandLine, string User, int Parent)
{
    private const int LongestCommand = 32 * 1024;

    /// <summary>Its name: the end of its executable's path.</summary>
    public string Name => Executable[(Executable.LastIndexOf('/') + 1)..];

    /// <summary>As the context stage has it.</summary>
    public static FileToucher Of(ProcessContext context) =>
        new(Text(context.Program.Executable), Text(context.Program.CommandLine), Text(context.User), context.ParentKey.Pid);

    /// <summary>As /proc has it while the process lives; null when it is gone, or is of a kind that has no executable.</summary>
    public static FileToucher? FromProc(int pid)
    {
        try
        {
            if (new FileInfo($"/proc/{pid}/exe").LinkTarget is not { } executable) return null;
            using var arguments = File.OpenHandle($"/proc/{pid}/cmdline");
            var bytes = new byte[LongestCommand];
            var command = Text(bytes.AsSpan(0, RandomAccess.Read(arguments, bytes, 0))).TrimEnd('\0').Replace('\0', ' ');
            var status = File.ReadAllLines($"/proc/{pid}/status");
            _ = int.TryParse(Value(status, "PPid:"), NumberStyles.None, CultureInfo.InvariantCulture, out var parent);
            return new FileToucher(executable, command, Value(status, "Uid:"), parent);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Value(string[] status, string name) =>
        status.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split('\t').ElementAtOrDefault(1) ?? "";

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
