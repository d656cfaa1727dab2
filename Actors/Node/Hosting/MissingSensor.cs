using Picket.Detection.Alerts;
using Picket.Sensors.Ebpf;

namespace Picket.Node.Hosting;

/// <summary>The kernel's sensor cannot run on this host; the others do.</summary>
/// <param name="Reason">What is missing, in words.</param>
internal sealed record MissingSensor(string Reason)
{
    /// <summary>Makes one of all that a host lacks.</summary>
    public static MissingSensor Of(IReadOnlyList<MissingRequirement> missing) =>
        new("this host lacks " + string.Join("; ", missing.Select(part => $"{part.What} ({part.Remedy})")));

    /// <summary>What is said to people who watch the start, and in the alert.</summary>
    public string Text =>
        $"the kernel's sensor does not run: {Reason}. Processes, files and connections are not seen; the sensor of logs works";

    /// <summary>The alert.</summary>
    public Notice Say() => new("sensor-degraded", "A sensor does not run on this host", AlertLevel.High, Text,
        [new("sensor", "ebpf"), new("program", ""), new("reason", Reason), new("noticed-by", "start")]);
}
