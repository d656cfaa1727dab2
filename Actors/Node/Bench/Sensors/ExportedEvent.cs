using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Picket.Node.Bench.Sensors;

/// <summary>One line of exported events, as far as it is compared with what was done.</summary>
internal sealed record ExportedEvent
{
    public required string Kind { get; init; }

    /// <summary>What it is about, by which an operation finds it: a process id, a path, two ends, a name and its type.</summary>
    public required string Subject { get; init; }

    public required int Pid { get; init; }

    /// <summary>The process's start: boot time in nanoseconds.</summary>
    public required ulong StartNs { get; init; }

    /// <summary>When it happened: boot time in nanoseconds.</summary>
    public required ulong TimeNs { get; init; }

    /// <summary>From the kernel's time stamp to the engine.</summary>
    public required long DelayNs { get; init; }

    /// <summary>The file's inode; 0 where the event does not say.</summary>
    public ulong Inode { get; init; }

    /// <summary>The file's device, major &lt;&lt; 20 | minor; 0 where the event does not say.</summary>
    public uint Device { get; init; }

    public string? Image { get; init; }

    public string? CommandLine { get; init; }

    /// <summary>Reads the lines of a file that nobody writes to any more.</summary>
    /// <param name="file">The file; there is none when nothing happened.</param>
    /// <param name="wanted">Which processes' events are of interest.</param>
    public static IEnumerable<ExportedEvent> Read(string file, Predicate<int> wanted)
    {
        if (!File.Exists(file)) yield break;
        foreach (var line in File.ReadLines(file, Encoding.UTF8))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var own = root.GetProperty("picket");
            var pid = own.GetProperty("pid").GetInt32();
            if (!wanted(pid)) continue;
            var kind = own.GetProperty("kind").GetString()!;
            yield return new ExportedEvent
            {
                Kind = kind,
                Subject = SubjectOf(kind, pid, root),
                Pid = pid,
                StartNs = own.GetProperty("start_ns").GetUInt64(),
                TimeNs = own.GetProperty("time_ns").GetUInt64(),
                DelayNs = own.GetProperty("delay_ns").GetInt64(),
                Inode = Number(root, "FileInode") is > 0 and var inode ? inode : Number(own, "image_inode"),
                Device = DeviceOf(Text(root, "FileDevice")) is > 0 and var device ? device : (uint)Number(own, "image_device"),
                Image = Text(root, "Image"),
                CommandLine = Text(root, "CommandLine"),
            };
        }
    }

    private static string SubjectOf(string kind, int pid, JsonElement root) => kind.Split('_')[0] switch
    {
        "file" when Text(root, "SourceFilename") is { } source => $"{source} -> {Text(root, "TargetFilename")}",
        "file" => Text(root, "TargetFilename") ?? "",
        "network" => $"{Text(root, "SourceIp")}:{Text(root, "SourcePort")} -> "
            + $"{Text(root, "DestinationIp")}:{Text(root, "DestinationPort")}",
        "dns" => $"{Text(root, "QueryType")} {Text(root, "QueryName")}",
        _ => pid.ToString(CultureInfo.InvariantCulture),
    };

    private static ulong Number(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetUInt64() : 0;

    private static uint DeviceOf(string? text) => text?.Split(':') is [var major, var minor]
        ? (uint.Parse(major, CultureInfo.InvariantCulture) << 20) | uint.Parse(minor, CultureInfo.InvariantCulture)
        : 0;

    private static string? Text(JsonElement root, string name) => !root.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
}
