using Picket.Actors.Persistence;
using Picket.Spec.Kernel;
using static Picket.Spec.Persistence.ScriptedPersistent;

namespace Picket.Spec.Persistence;

/// <summary>Stores that keep silent, on a clock that the test moves.</summary>
public sealed class RecoveryTimeoutSpec : PersistenceSpec
{
    private static readonly CircuitBreakerOptions Patient = new() { CallTimeout = TimeSpan.FromHours(1) };
    private readonly ManualTime _time;

    public RecoveryTimeoutSpec() : this(new ManualTime())
    {
    }

    private RecoveryTimeoutSpec(ManualTime time) : base(
        options => options with { CircuitBreaker = Patient, SnapshotCircuitBreaker = Patient }, time) => _time = time;

    [Fact]
    public void A_snapshot_that_does_not_come_fails_the_recovery()
    {
        Snapshots.Silent = true;
        var probe = NewProbe();
        Spawn(probe);
        Probe.Await(() => Snapshots.Loads == 1, "the load began");
        _time.Advance(TimeSpan.FromSeconds(29));
        probe.ExpectNothing();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("no snapshot within 30 s", Assert.IsType<RecoveryTimedOutException>(probe.Expect<RecoveryTrouble>().Reason).Message, StringComparison.Ordinal);
        probe.Expect("stopped");
    }

    [Fact]
    public void Events_that_come_slowly_are_waited_for()
    {
        var probe = Reading(5, out var next, out var read);
        for (var i = 1; i <= 5; i++)
        {
            Probe.Await(() => read() == i, $"event {i} is being read");

            // Each event comes in an interval of its own; all of them need three times as long as one may.
            _time.Advance(TimeSpan.FromSeconds(20));
            next.Release();
        }

        for (var i = 1; i <= 5; i++) probe.Expect($"replayed {i}");
        probe.Expect("recovered");
    }

    [Fact]
    public void Silence_after_some_events_fails_the_recovery()
    {
        var probe = Reading(500, out var next, out var read);
        next.Release(400);
        Probe.Await(() => read() == 401, "event 401 is being read");
        for (var i = 1; i <= 256; i++) probe.Expect($"replayed {i}");
        _time.Advance(TimeSpan.FromSeconds(60));
        var reason = Assert.IsType<RecoveryTimedOutException>(probe.Expect<RecoveryTrouble>().Reason);
        Assert.Contains("no event within 30 s; the last was 256", reason.Message, StringComparison.Ordinal);
        probe.Expect("stopped");
    }

    private Probe Reading(int length, out SemaphoreSlim next, out Func<int> read)
    {
        Journal.Plant("a", [.. Enumerable.Range(1, length).Select(i => new Persistent($"{i}", i))]);
        var gate = next = new SemaphoreSlim(0);
        var began = 0;
        read = () => Volatile.Read(ref began);
        Journal.OnReplay = async (e, cancellation) =>
        {
            Interlocked.Increment(ref began);
            await gate.WaitAsync(cancellation);
            return e;
        };
        var probe = NewProbe();
        Spawn(probe);
        return probe;
    }
}
