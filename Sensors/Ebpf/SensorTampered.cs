namespace Picket.Sensors.Ebpf;

/// <summary>To the monitor: somebody else took apart what the sensor needs in the kernel; it was put together again.</summary>
/// <param name="Part">What of the sensor, such as <c>file</c> or <c>maps</c>.</param>
/// <param name="Damage">What was found, in words.</param>
/// <param name="By">What did it, as the hook on system calls noted it; null when it came by no call of bpf(2).</param>
public sealed record SensorTampered(string Part, string Damage, ObjectTouch? By = null);
