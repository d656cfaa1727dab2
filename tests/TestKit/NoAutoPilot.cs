namespace Picket.Actors.TestKit;

/// <summary>No pilot.</summary>
public sealed class NoAutoPilot : AutoPilot
{
    private NoAutoPilot()
    {
    }

    /// <summary>The only one.</summary>
    public static NoAutoPilot Instance { get; } = new();

    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => this;
}
