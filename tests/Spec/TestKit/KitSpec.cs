using Picket.Actors;
using Picket.Actors.TestKit;

namespace Picket.Spec.TestKit;

/// <summary>A kit that keeps its standard error quiet; what fails on purpose fails after a tenth of a second.</summary>
public abstract class KitSpec : Actors.TestKit.TestKit
{
    private protected static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private protected KitSpec(TimeProvider? time = null, TestKitSettings? settings = null)
        : base("kit", new ActorSystemOptions { StandardErrorLevel = null, TimeProvider = time ?? TimeProvider.System }, settings)
    {
    }

    private protected IActorRef Echo() => ActorOf(Props.CreateFrom(static () => new Echoes()));

    /// <summary>What a failed expectation says.</summary>
    private protected static string Failure(Action expectation) => Assert.Throws<ExpectationFailedException>(expectation).Message;

    private protected static void Says(string message, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));

    private sealed class Echoes : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Exception e) throw e;
            Sender.Tell(message, Self);
        }
    }
}
