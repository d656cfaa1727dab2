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
        Assert.True(
            SpinWait.SpinUntil(() => Volatile.Read(ref Released) >= Volatile.Read(ref Acquired), TimeSpan.FromSeconds(20)),
            $"{Acquired} leases were released within 20 s; {Released} were");
        Assert.Equal((Acquired, 0, 0), (Released, Twice, UsedAfterRelease));
    }
}
