using Picket.Actors;

namespace Picket.Spec.Kernel;

/// <summary>A lease over a number of items that counts what becomes of it.</summary>
internal sealed class TestLease(LeaseLedger ledger, int items = 1) : ILease
{
    private int _released;

    public int At { get; set; }

    public int Items => items;

    public int Skips { get; private set; }

    public bool Released => Volatile.Read(ref _released) > 0;

    public static TestLease From(LeaseLedger ledger, int items = 1)
    {
        Interlocked.Increment(ref ledger.Acquired);
        return new TestLease(ledger, items);
    }

    public void Release()
    {
        if (Interlocked.Increment(ref _released) > 1) Interlocked.Increment(ref ledger.Twice);
        else Interlocked.Increment(ref ledger.Released);
    }

    public bool SkipFailed()
    {
        if (Released) Interlocked.Increment(ref ledger.UsedAfterRelease);
        Skips++;
        At++;
        return At < Items;
    }
}
