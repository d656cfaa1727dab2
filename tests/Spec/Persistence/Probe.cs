using Picket.Actors;
using Picket.Actors.TestKit;

namespace Picket.Spec.Persistence;

/// <summary>A patient probe of a system that a test may end and begin again.</summary>
internal sealed class Probe(ActorSystem system, string? name = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TestKitSettings Patient = new() { SingleExpectDefault = Patience };

    private readonly TestProbe _probe = new(system, Patient, name);

    public IActorRef Ref => _probe.Ref;

    public IActorRef LastSender => _probe.LastSender;

    public static void Await(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Patience), $"{what} within {Patience}");

    public T Expect<T>() => _probe.ExpectMsg<T>();

    public void Expect<T>(T expected) => _probe.ExpectMsg(expected);

    /// <summary>Nothing waits here, after everything that was sent before this call has been handled.</summary>
    public void ExpectNothing() => _probe.ExpectNoMsg(TimeSpan.Zero);

    /// <summary>Takes messages until one is a <typeparamref name="T"/>.</summary>
    public T Fish<T>(Predicate<T>? which = null) => _probe.FishForMessage<T>(message => which is null || which(message));
}
