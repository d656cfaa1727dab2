namespace Picket.Actors.TestKit;

/// <summary>A pilot from a function.</summary>
public sealed class DelegateAutoPilot(Func<IActorRef, object, AutoPilot> autoPilotDelegate) : AutoPilot
{
    /// <inheritdoc/>
    public override AutoPilot Run(IActorRef sender, object message) => autoPilotDelegate(sender, message);
}
