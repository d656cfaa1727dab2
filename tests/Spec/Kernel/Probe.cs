using System.Collections.Concurrent;
using Picket.Actors;

namespace Picket.Spec.Kernel;

/// <summary>An actor that keeps what it is told for a test to wait for.</summary>
internal sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly BlockingCollection<(object Message, IActorRef Sender)> _got = [];

    public Probe(ActorSystem system, string? name = null) =>
        Ref = system.ActorOf(Props.CreateFrom(() => new Recorder(_got)), name);

    public IActorRef Ref { get; }

    public IActorRef LastSender { get; private set; } = ActorRefs.Nobody;

    public T Expect<T>()
    {
        Assert.True(_got.TryTake(out var next, Patience), $"no {typeof(T).Name} within {Patience}");
        LastSender = next.Sender;
        return Assert.IsAssignableFrom<T>(next.Message);
    }

    public void Expect<T>(T expected) => Assert.Equal(expected, Expect<T>());

    /// <summary>Nothing waits here, after everything that was sent before this call has been handled.</summary>
    public void ExpectNothing()
    {
        var mark = new object();
        Ref.Tell(mark, ActorRefs.NoSender);
        Assert.True(_got.TryTake(out var next, Patience), $"the mark did not come back within {Patience}");
        Assert.Same(mark, next.Message);
    }

    /// <summary>Takes messages until one is a <typeparamref name="T"/>.</summary>
    public T Fish<T>(Predicate<T>? which = null)
    {
        while (true)
        {
            if (Expect<object>() is T wanted && (which is null || which(wanted))) return wanted;
        }
    }

    public static void Await(Func<bool> condition, string what)
    {
        Assert.True(SpinWait.SpinUntil(condition, Patience), $"{what} within {Patience}");
    }

    internal sealed record Watch(IActorRef Subject);

    internal sealed record WatchWith(IActorRef Subject, object Message);

    internal sealed record Unwatch(IActorRef Subject);

    private sealed class Recorder(BlockingCollection<(object, IActorRef)> got) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Watch watch:
                    Context.Watch(watch.Subject);
                    break;
                case WatchWith watch:
                    Context.WatchWith(watch.Subject, watch.Message);
                    break;
                case Unwatch unwatch:
                    Context.Unwatch(unwatch.Subject);
                    break;
                default:
                    got.Add((message, Sender));
                    break;
            }
        }
    }
}
