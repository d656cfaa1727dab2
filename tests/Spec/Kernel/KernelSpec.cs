using Picket.Actors;
using Picket.Actors.TestKit;

namespace Picket.Spec.Kernel;

/// <summary>A system for each test; nothing goes to standard error, as many tests fail on purpose. Expectations are patient: the
/// machine may be busy.</summary>
public abstract class KernelSpec : Actors.TestKit.TestKit, IAsyncLifetime
{
    private static readonly TestKitSettings Patient = new()
    {
        SingleExpectDefault = TimeSpan.FromSeconds(20),
        TestEventFilterLeeway = TimeSpan.FromSeconds(20),
    };

    internal KernelSpec(ActorSystemOptions? options = null)
        : base("spec", (options ?? new ActorSystemOptions()) with { StandardErrorLevel = null }, Patient)
    {
    }

    /// <summary>A probe for what goes over the event stream.</summary>
    internal TestProbe Listen<T>()
    {
        var probe = CreateTestProbe();
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
