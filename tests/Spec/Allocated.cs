namespace Picket.Spec;

/// <summary>What work allocates on the thread that does it.</summary>
internal static class Allocated
{
    private const int Rounds = 10;

    /// <summary>
    /// The least number of bytes that doing <paramref name="work"/> once allocated, of up to ten times that it is done: some kilobytes that a
    /// collection of another thread or compilation in tiers adds show in a thread's count once, what the work itself allocates every time.
    /// </summary>
    /// <param name="work">The work, warm already; each time it is done it must cost the same.</param>
    public static long Least(Action work)
    {
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
