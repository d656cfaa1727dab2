using Picket.Hocon;

namespace Picket.Actors.TestKit;

/// <summary>A test class that derives from this has a system, a test actor to answer to, and expectations about what it is told.</summary>
public class TestKit : TestKitBase, IDisposable
{
    private static int s_made;

    /// <summary>Over a system, or over a new one called "test".</summary>
    public TestKit(ActorSystem? system = null, string? testActorName = null)
        : this(system ?? ActorSystem.Create("test"), new TestKitSettings(), testActorName)
    {
    }

    /// <summary>Over a new system; <c>akka.test</c> holds the kit's own settings.</summary>
    public TestKit(Config config, string? actorSystemName = null, string? testActorName = null)
        : this(ActorSystem.Create(actorSystemName ?? "test"), new TestKitSettings(config), testActorName)
    {
    }

    /// <summary>Over a new system; the text is HOCON.</summary>
    public TestKit(string config) : this(ConfigurationFactory.ParseString(config))
    {
    }

    /// <summary>Over a new system with a name and options.</summary>
    public TestKit(string actorSystemName, ActorSystemOptions options, TestKitSettings? settings = null)
        : this(ActorSystem.Create(actorSystemName, options), settings ?? new TestKitSettings(), null)
    {
    }

    private TestKit(ActorSystem system, TestKitSettings settings, string? testActorName)
        : base(system, settings, testActorName ?? $"testActor{Interlocked.Increment(ref s_made)}")
    {
    }

    /// <summary>Stops the system, whoever made it.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Called after the test, before the system stops.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Runs <see cref="AfterAll"/> and stops the system.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        try
        {
            AfterAll();
        }
        finally
        {
            Shutdown();
        }
    }
}
