namespace Picket.Actors.Cells;

/// <summary>What a timer puts into its actor's mailbox; void when the timer was cancelled, replaced or of an earlier incarnation.</summary>
internal sealed record TimerMessage(TimerScheduler Owner, object Key, int Generation, object Message) : IAutoReceivedMessage;
