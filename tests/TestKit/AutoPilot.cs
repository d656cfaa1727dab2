namespace Picket.Actors.TestKit;

/// <summary>Answers for a test actor: sees each message before the test does.</summary>
public abstract class AutoPilot
{
    /// <summary>Stays as it is.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    /// <summary>Ends the pilot.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>Runs in the test actor's turn.</summary>
    /// <returns>The pilot for the next message; <see cref="KeepRunning"/> for this one again.</returns>
    public abstract AutoPilot Run(IActorRef sender, object message);
}
