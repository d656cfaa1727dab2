using Picket.Hocon;

namespace Picket.Actors.TestKit;

/// <summary>Time-outs of a kit. All are wall time on a system with the wall clock, before <see cref="TestTimeFactor"/>.</summary>
public sealed record TestKitSettings
{
    /// <summary>The defaults.</summary>
    public TestKitSettings()
    {
    }

    /// <summary>From the keys below <c>akka.test</c>; what is absent keeps its default.</summary>
    public TestKitSettings(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        DefaultTimeout = config.GetTimeSpan("akka.test.default-timeout", DefaultTimeout);
        SingleExpectDefault = config.GetTimeSpan("akka.test.single-expect-default", SingleExpectDefault);
        ExpectNoMsgDefault = config.GetTimeSpan("akka.test.expect-no-message-default", ExpectNoMsgDefault);
        TestEventFilterLeeway = config.GetTimeSpan("akka.test.filter-leeway", TestEventFilterLeeway);
        TestTimeFactor = config.GetDouble("akka.test.timefactor", TestTimeFactor);
    }

    /// <summary>How long a shutdown may take.</summary>
    public TimeSpan DefaultTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one expectation waits that is given no time and is in no Within.</summary>
    public TimeSpan SingleExpectDefault { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long ExpectNoMsg waits that is given no time and is in no Within.</summary>
    public TimeSpan ExpectNoMsgDefault { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long an event filter waits after its action for the events that it expects.</summary>
    public TimeSpan TestEventFilterLeeway { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>All times are multiplied by it; more than 1 for slow machines.</summary>
    public double TestTimeFactor { get; init; } = 1;
}
