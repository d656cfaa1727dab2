using Picket.Actors;
using Picket.Hocon;

namespace Picket.Spec.Kernel.Surface;

/// <summary>
/// What an Akka.NET user writes: these tests and their actors keep to the public names of Actors/Kernel, in the forms that Akka.NET's own
/// samples use, so that a change of a signature fails to compile here.
/// </summary>
public abstract class SurfaceSpec : IAsyncLifetime
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal SurfaceSpec(string hocon = "") =>
        Sys = ActorSystem.Create("surface", ConfigurationFactory.ParseString("akka.stdout-loglevel = OFF\n" + hocon));

    internal ActorSystem Sys { get; }

    public ValueTask InitializeAsync() => default;

    public async ValueTask DisposeAsync()
    {
        await Sys.Terminate().WaitAsync(Patience);
        GC.SuppressFinalize(this);
    }

    internal IActorRef Inbox(out Mail mail)
    {
        var into = mail = new Mail();
        return Sys.ActorOf(Props.Create(() => new Collector(into)));
    }
}
