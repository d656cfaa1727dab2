namespace Picket.Spec.Kernel;

/// <summary>What must balance.</summary>
internal sealed class LeaseLedger
{
    public int Acquired;
    public int Released;
    public int Twice;
    public int UsedAfterRelease;

    public void AssertBalanced()
    {
        Probe.Await(() => Volatile.Read(ref Released) >= Volatile.Read(ref Acquired), $"{Acquired} leases released, {Released} were");
        Assert.Equal((Acquired, 0, 0), (Released, Twice, UsedAfterRelease));
    }
}
