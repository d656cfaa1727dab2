using Picket.Actors;

namespace Picket.Spec.Kernel.Model;

/// <summary>Why an actor of a script fails: a number that its parent's plan has a directive for. The first are the kinds of
/// <see cref="Trouble"/>.</summary>
internal static class Cause
{
    public const int CreationFailed = Trouble.Kinds;
    public const int Killed = Trouble.Kinds + 1;
    public const int Pact = Trouble.Kinds + 2;
    public const int Count = Trouble.Kinds + 3;

    public static int Of(Exception thrown) => thrown switch
    {
        Trouble trouble => trouble.Kind,
        ActorInitializationException => CreationFailed,
        ActorKilledException => Killed,
        DeathPactException => Pact,
        _ => throw new InvalidOperationException("no actor of a script fails with this", thrown),
    };

    public static string NameOf(int cause) => cause switch
    {
        CreationFailed => "init",
        Killed => "kill",
        Pact => "pact",
        _ => $"{(char)('A' + cause)}",
    };
}
