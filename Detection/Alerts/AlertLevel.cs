namespace Picket.Detection.Alerts;

/// <summary>How bad it is, in Sigma's words. The numbers are stored in the outbox: they are frozen by a test.</summary>
public enum AlertLevel : byte
{
    /// <summary>Worth knowing, not worth waking anyone.</summary>
    Informational = 0,

    /// <summary>Notable; rarely an incident.</summary>
    Low = 1,

    /// <summary>Relevant; should be looked at.</summary>
    Medium = 2,

    /// <summary>Relevant; should be looked at soon.</summary>
    High = 3,

    /// <summary>Highly relevant; an incident.</summary>
    Critical = 4,
}
