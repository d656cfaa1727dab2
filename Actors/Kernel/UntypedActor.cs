using System.Runtime.CompilerServices;
using Picket.Actors.Cells;

namespace Picket.Actors;

/// <summary>An actor that switches on the type of a message itself.</summary>
public abstract class UntypedActor : ActorBase
{
    private static readonly ConditionalWeakTable<Type, object> s_direct = [];

    /// <summary>The context of the handler that runs on this thread.</summary>
    protected new static IUntypedActorContext Context =>
        ActorCell.Current ?? throw new NotSupportedException("there is no actor context here: use it inside a handler");

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles one message; what it does not want it gives to Unhandled.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Runs a task; the next message waits until it has ended, and what it throws is this actor's failure.</summary>
    protected void RunTask(Func<Task> action) => RunAsync(static run => run(), action);

    /// <summary>Runs an action in the actor's context after the handler, before the next message.</summary>
    protected void RunTask(Action action) => RunAsync(
        static run =>
        {
            run();
            return Task.CompletedTask;
        },
        action);

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(UntypedReceive receive) => Become(Handled(receive));

    /// <summary>Puts a behaviour on the stack.</summary>
    protected void BecomeStacked(UntypedReceive receive) => BecomeStacked(Handled(receive));

    /// <summary>True when the first behaviour may be called without AroundReceive, as nobody overrides it.</summary>
    internal bool IsDirect => (bool)s_direct.GetValue(
        GetType(), _ => ((Func<Receive, object, bool>)AroundReceive).Method.DeclaringType == typeof(ActorBase));

    /// <summary>What AroundReceive comes to where <see cref="IsDirect"/>: a call for each message instead of four, and as many
    /// frames less for an exception to pass.</summary>
    // hot
    internal void HandleDirectly(object message) => OnReceive(message);

    internal static Receive Handled(UntypedReceive receive) => message =>
    {
        receive(message);
        return true;
    };
}
