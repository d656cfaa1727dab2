using System.Text;
using System.Text.Json;

namespace Picket.Node.Bench.Sensors;

/// <summary>One line of exported events, as far as it is compared with what was done.</summary>
internal sealed record ExportedEvent
{
    public required string Kind { get; init; }

    public required int Pid { get; init; }

    /// <summary>The process's start: boot time in nanoseconds.</summary>
    public required ulong StartNs { get; init; }

    /// <summary>From the kernel's time stamp to the engine.</summary>
    public required long DelayNs { get; init; }

    public ulong Inode { get; init; }

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
            yield return new ExportedEvent
            {
                Kind = own.GetProperty("kind").GetString()!,
                Pid = pid,
                StartNs = own.GetProperty("start_ns").GetUInt64(),
                DelayNs = own.GetProperty("delay_ns").GetInt64(),
                Inode = own.TryGetProperty("image_inode", out var inode) ? inode.GetUInt64() : 0,
                Device = own.TryGetProperty("image_device", out var device) ? device.GetUInt32() : 0,
                Image = Text(root, "Image"),
                CommandLine = Text(root, "CommandLine"),
            };
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
}
