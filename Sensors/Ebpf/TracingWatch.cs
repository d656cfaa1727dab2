namespace Picket.Sensors.Ebpf;

/// <summary>
/// Tells when the kernel's tracing is switched off. No program of the sensor depends on it, but nobody switches it off by
/// chance, and what else watches the host may be blind. Where the switches cannot be read there is nothing to tell.
/// </summary>
internal sealed class TracingWatch
{
    private readonly List<(string Path, bool On)> _switches = [];

    /// <summary>Begins to watch these files, each of which says <c>0</c> for off.</summary>
    public TracingWatch(params IEnumerable<string> switches)
    {
        foreach (var path in switches) _switches.Add((path, Read(path) ?? false));
    }

    /// <summary>The switches of the running kernel.</summary>
    public static IReadOnlyList<string> Switches { get; } = ["/sys/kernel/tracing/tracing_on", "/proc/sys/kernel/ftrace_enabled"];

    /// <summary>A look: the switches that were on at the last one and are off now.</summary>
    public IReadOnlyList<TracingSwitchedOff> Look()
    {
        List<TracingSwitchedOff>? off = null;
        for (var i = 0; i < _switches.Count; i++)
        {
            var (path, before) = _switches[i];
            if (Read(path) is not { } now || now == before) continue;
            _switches[i] = (path, now);
            if (!now) (off ??= []).Add(new TracingSwitchedOff(path));
        }

        return off ?? (IReadOnlyList<TracingSwitchedOff>)[];
    }

    private static bool? Read(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            Span<byte> text = stackalloc byte[1];
            return RandomAccess.Read(file, text, 0) == 1 ? text[0] != '0' : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
