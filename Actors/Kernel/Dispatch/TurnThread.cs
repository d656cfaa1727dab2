using Picket.Actors.Cells;

namespace Picket.Actors.Dispatch;

/// <summary>What a thread that runs actors knows of itself. Looked up once for each need, as thread statics cost.</summary>
internal class TurnThread
{
    [ThreadStatic]
    private static TurnThread? t_current;

    /// <summary>The calling thread, or null when it runs no actors.</summary>
    public static TurnThread? Current => t_current;

    /// <summary>Whose turn the thread runs, or null between turns.</summary>
    public ActorCell? Cell { get; set; }

    /// <summary>Waits a moment for the next message of the running turn, where nobody else waits for the thread.</summary>
    public virtual bool AwaitMore(Mailbox mailbox) => false;

    /// <summary>Makes this the calling thread's.</summary>
    public void Enter() => t_current = this;
}
