using System.Runtime.CompilerServices;
using Picket.Actors.Cells;

namespace Picket.Actors;

/// <summary>Starts a task that the actor's next message waits for.</summary>
internal sealed class TaskHandler<T> : MessageHandler
{
    public static readonly TaskHandler<T> Instance = new();

    public override bool TryHandle(Delegate handler, Delegate? shouldHandle, object message)
    {
        if (message is not T typed || (shouldHandle is not null && !Unsafe.As<Predicate<T>>(shouldHandle)(typed))) return false;
        ActorCell.Current!.RunAsync(Unsafe.As<Func<T, Task>>(handler), typed);
        return true;
    }
}
