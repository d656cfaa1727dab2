namespace Picket.Actors.TestKit;

/// <summary>
/// Tell without a sender, in a test: the test actor is the sender, so that answers come back to the test. The overloads are chosen over
/// those of the kernel as they name the narrower type; inside of an actor they come to the same.
/// </summary>
public static class ImplicitSender
{
    /// <summary>Flows with the test from its constructor through each await; the turns of actors do not inherit it.</summary>
    private static readonly AsyncLocal<IActorRef?> Current = new();

    /// <summary>Tells with the running actor as the sender, else the test actor of the running test, else nobody.</summary>
    public static void Tell(this IActorRef receiver, object message)
    {
        if (Current.Value is { } testActor) receiver.Tell(message, testActor);
        else ActorRefExtensions.Tell(receiver, message);
    }

    /// <summary>Tells with the running actor as the sender, else the test actor of the running test, else nobody.</summary>
    public static void Tell(this ActorSelection receiver, object message)
    {
        if (Current.Value is { } testActor) receiver.Tell(message, testActor);
        else ActorRefExtensions.Tell(receiver, message);
    }

    internal static void Set(IActorRef? testActor) => Current.Value = testActor;
}
