namespace Picket.Actors.TestKit;

/// <summary>What a test actor does not keep for the test but does itself.</summary>
public static class TestActor
{
    /// <summary>Messages that are not kept; null keeps all.</summary>
    public sealed record SetIgnore(Func<object, bool>? Ignore);

    /// <summary>Watches an actor.</summary>
    public sealed record Watch(IActorRef Actor);

    /// <summary>Watches an actor and keeps the message in place of Terminated.</summary>
    public sealed record WatchWith(IActorRef Actor, object Message);

    /// <summary>Ends a watch.</summary>
    public sealed record Unwatch(IActorRef Actor);

    /// <summary>Sets the pilot.</summary>
    public sealed record SetAutoPilot(AutoPilot AutoPilot);

    /// <summary>Makes a child and answers with its ref. Its failures stop it, or a nurse between the two answers them by the strategy.</summary>
    public sealed record Spawn(Props Props, string? Name, SupervisorStrategy? Strategy);
}
