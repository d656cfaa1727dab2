namespace Picket.Actors;

/// <summary>Handles what has the type and is not declined by the handler itself.</summary>
internal sealed class FuncHandler<T>(Func<T, bool> handler) : MessageHandler
{
    // hot
    public override bool TryHandle(object message) => message is T typed && handler(typed);
}
