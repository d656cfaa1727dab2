using System.Runtime.CompilerServices;
using Picket.Actors.Cells;

namespace Picket.Actors;

/// <summary>How one kind of handler is tried. Without state, so that all actors share it and keep no more than their delegates.</summary>
internal abstract class MessageHandler
{
    /// <summary>True when the message is of the type, passes the predicate and was handled.</summary>
    public abstract bool TryHandle(Delegate handler, Delegate? shouldHandle, object message);

    /// <summary>Calls an <see cref="Action{T}"/>.</summary>
    public sealed class OfAction<T> : MessageHandler
    {
        public static readonly OfAction<T> Instance = new();

        // hot
        public override bool TryHandle(Delegate handler, Delegate? shouldHandle, object message)
        {
            if (message is not T typed || (shouldHandle is not null && !Unsafe.As<Predicate<T>>(shouldHandle)(typed))) return false;
            Unsafe.As<Action<T>>(handler)(typed);
            return true;
        }
    }

    /// <summary>Calls a function that may decline by false.</summary>
    public sealed class OfFunc<T> : MessageHandler
    {
        public static readonly OfFunc<T> Instance = new();

        // hot
        public override bool TryHandle(Delegate handler, Delegate? shouldHandle, object message) =>
            message is T typed
            && (shouldHandle is null || Unsafe.As<Predicate<T>>(shouldHandle)(typed))
            && Unsafe.As<Func<T, bool>>(handler)(typed);
    }

    /// <summary>Starts a task that the actor's next message waits for.</summary>
    public sealed class OfTask<T> : MessageHandler
    {
        public static readonly OfTask<T> Instance = new();

        public override bool TryHandle(Delegate handler, Delegate? shouldHandle, object message)
        {
            if (message is not T typed || (shouldHandle is not null && !Unsafe.As<Predicate<T>>(shouldHandle)(typed))) return false;
            ActorCell.Current!.RunAsync(Unsafe.As<Func<T, Task>>(handler), typed);
            return true;
        }
    }
}
