using System.Runtime.CompilerServices;

namespace Picket.Actors;

/// <summary>Calls an <see cref="Action{T}"/>.</summary>
internal sealed class ActionHandler<T> : MessageHandler
{
    public static readonly ActionHandler<T> Instance = new();

    // hot
    public override bool TryHandle(Delegate handler, Delegate? shouldHandle, object message)
    {
        if (message is not T typed || (shouldHandle is not null && !Unsafe.As<Predicate<T>>(shouldHandle)(typed))) return false;
        Unsafe.As<Action<T>>(handler)(typed);
        return true;
    }
}
