using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Events;
using Picket.Sensors.Ebpf;

namespace Picket.Spec.Ebpf;

public sealed class RingCommitTests
{
    private static readonly EventSource Source = new("test", "", null, 0);

    [Fact]
    public void The_position_never_passes_a_batch_that_is_still_under_way()
    {
        // Each number completes one of the batches under way, in any order; the published position is always the end of the
        // longest completed beginning.
        Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), order =>
        {
            var count = Math.Min(8, order.Length);
            var pool = new BatchPool(8, 16, 1024);
            var published = new List<ulong>();
            var commit = new RingCommit(pool, 0, published.Add);
            var open = new List<(int Number, EventBatch Batch)>();
            for (var i = 0; i < count; i++)
            {
                Assert.True(pool.TryRent(out var batch));
                batch.Begin(Source, commit);
                commit.Register(batch, (ulong)(i + 1) * 100);
                open.Add((i, batch));
            }

            var done = new HashSet<int>();
            foreach (var pick in order.Take(count))
            {
                var at = (int)((uint)pick % (uint)open.Count);
                done.Add(open[at].Number);
                open[at].Batch.LetGo();
                open.RemoveAt(at);
                var expected = 0;
                while (done.Contains(expected)) expected++;
                if (commit.Published != (ulong)expected * 100) return false;
            }

            return pool.Outstanding == 0 && published.SequenceEqual(published.Order()) && commit.Published == (ulong)count * 100;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_batch_whose_reader_failed_while_filling_it_moves_nothing()
    {
        var pool = new BatchPool(1, 16, 1024);
        var commit = new RingCommit(pool, 500, _ => Assert.Fail("nothing was completed"));
        Assert.True(pool.TryRent(out var batch));
        batch.Begin(Source, commit);
        batch.LetGo();
        Assert.Equal(0, pool.Outstanding);
        Assert.Equal(500UL, commit.Handed);
    }
}
