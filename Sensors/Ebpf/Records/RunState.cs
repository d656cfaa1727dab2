namespace Picket.Sensors.Ebpf.Records;

/// <summary>What the state map says of the sensor's last run (enum run_state in bpf/events.h).</summary>
public enum RunState : uint
{
    /// <summary>Nobody ran on this map yet.</summary>
    Fresh = 0,

    /// <summary>A sensor runs, or ended without saying so.</summary>
    Running = 1,

    /// <summary>The last sensor stopped in order.</summary>
    Stopped = 2,
}
