using Picket.Actors.Cells;

namespace Picket.Actors;

/// <summary>Who is the sender of what is told without one: the actor whose handler runs, and outside of actors nobody, unless a
/// test says that it is the one who sends.</summary>
public static class ImplicitSender
{
    private static readonly AsyncLocal<IActorRef?> OutsideOfActors = new();
    private static bool s_used;

    /// <summary>The sender outside of actors; flows with the code that set it. Actors do not see it.</summary>
    public static IActorRef? Ambient
    {
        get => s_used ? OutsideOfActors.Value : null;
        set
        {
            s_used = true;
            OutsideOfActors.Value = value;
        }
    }

    internal static IActorRef? Current => ActorCell.Current?.Self ?? Ambient;
}
