using Picket.Actors.Refs;
using static Picket.Actors.Dispatch.SysMsg.SystemMessage;

namespace Picket.Actors.Cells;

/// <summary>Brings what follows an await of a handler back into its actor, as a system message.</summary>
internal sealed class AsyncTurn(LocalActorRef self) : SynchronizationContext
{
    /// <summary>What the handler started and has not been seen to end.</summary>
    public Task? Pending { get; set; }

    /// <summary>True from the return of a handler whose task had not ended until that end.</summary>
    public bool Awaiting { get; set; }

    public void Add(Task task) => Pending = Pending is null ? task : Task.WhenAll(Pending, task);

    /// <summary>Tells the cell when what is pending now has ended.</summary>
    public void TellWhenDone()
    {
        var task = Pending!;
        task.ConfigureAwait(ConfigureAwaitOptions.None).GetAwaiter().UnsafeOnCompleted(() => self.SendSystem(new AsyncDone(task)));
    }

    public override void Post(SendOrPostCallback d, object? state) => self.SendSystem(new Continuation(d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("an actor's turn cannot be waited for");

    public override SynchronizationContext CreateCopy() => this;
}
