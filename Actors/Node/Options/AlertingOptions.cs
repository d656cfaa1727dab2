namespace Picket.Node.Options;

/// <summary>Outbox, sinks and policy, as configured.</summary>
/// <param name="OutboxBytes">Bound of the outbox on disk.</param>
/// <param name="Sync"><c>none</c>, <c>interval</c> or <c>each</c>.</param>
/// <param name="SyncInterval">The interval.</param>
/// <param name="File">The alert file; null when switched off.</param>
/// <param name="GroupReadable">0640 instead of 0600.</param>
/// <param name="RotateBytes">Size at which the file is rotated.</param>
/// <param name="RotateCount">Old files kept.</param>
/// <param name="Console">One line an alert on standard output.</param>
/// <param name="SuppressWindow">Same rule, same process; zero for never.</param>
/// <param name="RateLimit">Alerts of one rule a minute; zero for no limit.</param>
internal sealed record AlertingOptions(
    long OutboxBytes,
    string Sync,
    TimeSpan SyncInterval,
    string? File,
    bool GroupReadable,
    long RotateBytes,
    int RotateCount,
    bool Console,
    TimeSpan SuppressWindow,
    int RateLimit);
