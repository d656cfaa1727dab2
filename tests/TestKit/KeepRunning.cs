namespace Picket.Actors.TestKit;

/// <summary>Says that the pilot stays as it is.</summary>
public sealed class KeepRunning : AutoPilot
{
    private KeepRunning()
    {
    }

    /// <summary>The only one.</summary>
    public static KeepRunning Instance { get; } = new();

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) =>
        throw new InvalidOperationException("KeepRunning is an answer of a pilot, not a pilot");
}
