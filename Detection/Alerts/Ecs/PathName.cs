namespace Picket.Detection.Alerts.Ecs;

/// <summary>Takes paths apart, of this system or, in replays, of another.</summary>
internal static class PathName
{
    /// <summary>The part behind the last separator. A backslash separates only where the path is no absolute Unix path.</summary>
    internal static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> path) => path[(LastSeparator(path) + 1)..];

    /// <summary>The part before the last separator; the root for a file in the root.</summary>
    internal static ReadOnlySpan<byte> DirectoryOf(ReadOnlySpan<byte> path)
    {
        var at = LastSeparator(path);
        return at < 0 ? default : at == 0 ? path[..1] : path[..at];
    }

    /// <summary>What follows the last dot of the name; empty when there is none or the name begins with its only dot.</summary>
    internal static ReadOnlySpan<byte> ExtensionOf(ReadOnlySpan<byte> path)
    {
        var name = NameOf(path);
        var dot = name.LastIndexOf((byte)'.');
        return dot <= 0 ? default : name[(dot + 1)..];
    }

    private static int LastSeparator(ReadOnlySpan<byte> path) =>
        path.StartsWith("/"u8) ? path.LastIndexOf((byte)'/') : path.LastIndexOfAny((byte)'/', (byte)'\\');
}
