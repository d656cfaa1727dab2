using System.Globalization;
using System.Text;
using Picket.Detection.Alerts;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Node.Self;

/// <summary>What is said of what others do to the node's process and its guard.</summary>
internal static class TouchNotices
{
    private const string Name = "sensor-touched", Title = "A process acts on the sensor itself";

    /// <summary>One act.</summary>
    public static Notice Of(SensorTouched touched) => new(Name, Title, LevelOf(touched), $"{Who(touched)} {Done(touched)} {Whom(touched)}",
        [.. Details(touched)]);

    /// <summary>What one process did again and again.</summary>
    public static Notice Of(TouchesRepeated again) => new(Name, Title, LevelOf(again.Last),
        $"{Who(again.Last)} {Done(again.Last)} {Whom(again.Last)} "
        + string.Create(CultureInfo.InvariantCulture, $"{again.Count} more {(again.Count == 1 ? "time" : "times")} from ")
        + $"{NoticeTime.Of(again.From)} to {NoticeTime.Of(again.To)}",
        [.. Details(again.Last), new("repeated", again.Count), new("from", NoticeTime.Of(again.From)), new("to", NoticeTime.Of(again.To))]);

    /// <summary>The order to stop, by whom the node belongs to.</summary>
    public static Notice Stop(SensorTouched touched) => new("node-stopped", "The node itself was stopped", AlertLevel.Medium,
        $"the node ends in order: {Who(touched)}, {(touched.Key.Pid == 1 ? "the host's first process" : "which started it")}, "
        + $"sent it {touched.Detail}",
        [new("how", "ordered"), new("signal", touched.Detail), new("noticed-by", "kernel"), new("by-pid", touched.Key.Pid),
            new("by", touched.By?.ToString() ?? ""), new("by-user", UserOf(touched))]);

    private static IEnumerable<NoticeDetail> Details(SensorTouched touched)
    {
        yield return new("kind", EventCategories.Of(touched.Kind) ?? "");
        yield return new("detail", touched.Detail);
        yield return new("by_pid", touched.Key.Pid);
        yield return new("by", touched.By?.ToString() ?? "");
        yield return new("by_user", UserOf(touched));
        yield return new("target", touched.Guard == 0 ? "node" : "guard");
        if (touched.Guard != 0) yield return new("guard_pid", touched.Guard);
    }

    private static AlertLevel LevelOf(SensorTouched touched) => touched.Kind == EventKind.Kill ? AlertLevel.Medium : AlertLevel.High;

    private static string Who(SensorTouched touched) =>
        touched.By?.ToString() ?? string.Create(CultureInfo.InvariantCulture, $"process {touched.Key.Pid}");

    private static string UserOf(SensorTouched touched) => touched.By is { } by ? Encoding.UTF8.GetString(by.User) : "";

    private static string Whom(SensorTouched touched) => touched.Guard == 0 ? "the sensor's process"
        : string.Create(CultureInfo.InvariantCulture, $"the sensor's guard, process {touched.Guard}");

    private static string Done(SensorTouched touched) => touched.Kind switch
    {
        EventKind.Kill => $"sent {touched.Detail} to",
        EventKind.Ptrace => $"asked for {touched.Detail} on",
        EventKind.VmWrite => "wrote into the memory of",
        EventKind.FileOpen => $"opened {touched.Detail} for writing, the memory of",
        _ => "renamed a thread of",
    };
}
