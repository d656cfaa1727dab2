namespace Picket.Sensors;

/// <summary>What a sensor, or a part of it, does.</summary>
public enum PartActivity
{
    /// <summary>It is at work.</summary>
    Working,

    /// <summary>It is not, and will be started again.</summary>
    Waiting,

    /// <summary>It failed too often and stays stopped.</summary>
    Stopped,
}
