using System.Runtime.CompilerServices;

namespace Picket.Actors;

/// <summary>Calls a function that may decline by false.</summary>
internal sealed class FuncHandler<T> : MessageHandler
{
    public static readonly FuncHandler<T> Instance = new();

    // hot
    public override bool TryHandle(Delegate handler, Delegate? shouldHandle, object message) =>
        message is T typed
        && (shouldHandle is null || Unsafe.As<Predicate<T>>(shouldHandle)(typed))
        && Unsafe.As<Func<T, bool>>(handler)(typed);
}
