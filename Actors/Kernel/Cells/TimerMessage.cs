namespace Picket.Actors.Cells;

/// <summary>What a timer puts into its actor's mailbox; void when the timer was cancelled, replaced or of an earlier incarnation.</summary>
internal sealed class TimerMessage(TimerScheduler owner, object key, int generation, object message) : IAutoReceivedMessage
{
    public TimerScheduler Owner => owner;

    public object Key => key;

    public int Generation => generation;

    public object Message => message;
}
