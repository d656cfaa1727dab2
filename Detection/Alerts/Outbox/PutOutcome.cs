namespace Picket.Detection.Alerts.Outbox;

/// <summary>What became of an alert that was given to the outbox.</summary>
public enum PutOutcome
{
    /// <summary>It is in the outbox: whatever dies now, every sink gets it.</summary>
    Stored = 0,

    /// <summary>The outbox has or had it under this id.</summary>
    Known = 1,

    /// <summary>There is no room, or the device fails: it is not in the outbox, and the same call may succeed later.</summary>
    Refused = 2,

    /// <summary>It is larger than any record may be: no later call will succeed.</summary>
    TooLarge = 3,
}
