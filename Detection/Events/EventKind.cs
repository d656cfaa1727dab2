namespace Picket.Detection.Events;

/// <summary>What an event says happened. The numbers leave the process (journals, counters): they are frozen by a test.</summary>
public enum EventKind : byte
{
    /// <summary>A record whose kind its source did not say, such as a replayed line without a log source.</summary>
    Unknown = 0,

    /// <summary>A program was executed (Sigma category <c>process_creation</c>).</summary>
    ProcessCreation = 1,

    /// <summary>A process was forked: it shares its parent's program until it executes one of its own.</summary>
    ProcessFork = 2,

    /// <summary>The last thread of a process ended (Sigma category <c>process_termination</c>).</summary>
    ProcessTermination = 3,

    /// <summary>A process that ran before the sensor did, as the task iterator found it. It feeds contexts, never rules.</summary>
    ProcessSnapshot = 4,

    /// <summary>A line of a log file or of the journal (Sigma services such as <c>sshd</c>, <c>auth</c>, <c>cron</c>).</summary>
    LogLine = 112,

    /// <summary>A record of the audit system (Sigma service <c>auditd</c>): a line of its log, or one made of a kernel event.</summary>
    AuditRecord = 113,
}
