namespace Picket.Sensors;

/// <summary>How the beginning of a gap is known, and so how exact it is.</summary>
public enum GapEdge
{
    /// <summary>The moment at which the sensor failed, or was told to stop.</summary>
    Failure,

    /// <summary>The kernel's own note of what somebody did to the sensor: exact.</summary>
    Kernel,

    /// <summary>The last look that found all in its place: at most one interval of looks too early, never too late.</summary>
    Look,
}
