using Picket.Actors;

namespace Picket.Spec.Kernel;

/// <summary>A system for each test; nothing goes to standard error, as many tests fail on purpose.</summary>
public abstract class KernelSpec : IAsyncLifetime
{
    internal KernelSpec(ActorSystemOptions? options = null) =>
        Sys = ActorSystem.Create("spec", (options ?? new ActorSystemOptions()) with { StandardErrorLevel = null });

    internal ActorSystem Sys { get; }

    internal Probe NewProbe() => new(Sys);

    /// <summary>A probe for what goes over the event stream.</summary>
    internal Probe Listen<T>()
    {
        var probe = new Probe(Sys);
        Sys.EventStream.Subscribe<T>(probe.Ref);
        return probe;
    }

    internal IActorRef Spawn(Func<ActorBase> make, string? name = null) => Sys.ActorOf(Props.CreateFrom(make), name);

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await Sys.Terminate().WaitAsync(TimeSpan.FromSeconds(30));
        GC.SuppressFinalize(this);
    }
}
