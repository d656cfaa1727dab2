using Picket.Node.Locks;
using Fate = Picket.Node.Locks.EndingProcess.Fate;

namespace Picket.Spec.Live;

/// <summary>Each mark of a process that ends, by itself: of a real one several show at a time.</summary>
public sealed class EndingProcessTests
{
    private const string NonePending = "Name:\tx\nSigPnd:\t0000000000000000\nShdPnd:\t0000000000000000\nSigBlk:\t0000000000000100\n";

    [Theory]
    [InlineData(NonePending, "7 (x) S 1 7 7 0 -1 4194304 1", Fate.Living)]
    [InlineData("SigPnd:\t0000000000000100\nShdPnd:\t0000000000000000\n", "7 (x) S 1 7 7 0 -1 4194304 1", Fate.Killed)]
    [InlineData("SigPnd:\t0000000000000000\nShdPnd:\t0000000000004100\n", "7 (x) S 1 7 7 0 -1 4194304 1", Fate.Killed)]
    [InlineData("SigPnd:\t0000000000004000\nShdPnd:\t0000000000000200\n", "7 (x) S 1 7 7 0 -1 4194304 1", Fate.Living)]
    [InlineData(NonePending, "7 (x) R 1 7 7 0 -1 4195328 1", Fate.Killed)]
    [InlineData(NonePending, "7 (x) R 1 7 7 0 -1 4195332 1", Fate.Killed)]
    [InlineData(NonePending, "7 (x) R 1 7 7 0 -1 4194308 1", Fate.Exiting)]
    [InlineData(NonePending, "7 (x) Z 1 7 7 0 -1 4195332 1", Fate.Gone)]
    [InlineData(NonePending, "7 (x) X 1 7 7 0 -1 4194304 1", Fate.Gone)]
    [InlineData(NonePending, "7 (a) Z (b) S 1 7 7 0 -1 4194304 1", Fate.Living)]
    [InlineData("", "", Fate.Gone)]
    public void A_thread_is_what_its_marks_say(string status, string stat, object fate) => Assert.Equal(fate, EndingProcess.FateOf(status, stat));

    [Theory]
    [InlineData(LockHolding.Unknown)]
    [InlineData(LockHolding.Unknown, Fate.Gone)]
    [InlineData(LockHolding.Living, Fate.Gone, Fate.Exiting, Fate.Living)]
    [InlineData(LockHolding.Ending, Fate.Gone, Fate.Exiting)]
    [InlineData(LockHolding.Ending, Fate.Living, Fate.Killed)]
    public void A_process_is_what_its_threads_are(object holding, params object[] threads) => Assert.Equal(holding, EndingProcess.Of(threads.Cast<Fate>()));
}
