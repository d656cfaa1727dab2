using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Spec.Context;

/// <summary>Which record goes to which shard: those of one process to one, in their order, and each to exactly one.</summary>
public sealed class SliceRouterTests
{
    private const int Shards = 4;

    [Fact]
    public void Records_of_a_process_go_to_one_shard_in_their_order_and_none_is_lost()
    {
        var router = new SliceRouter(Shards);
        var homes = new Dictionary<ProcessKey, int>();
        for (var round = 0; round < 3; round++)
        {
            // More than a list has room for at first.
            var keys = Enumerable.Range(0, 4_000).Select(index => new ProcessKey(1_000_000_000, 100 + ((index * 7 + round) % 50))).ToArray();
            Assert.Equal(0, router.Begin(Batch(0)));
            for (var index = 0; index < keys.Length; index++) router.Add(keys[index], index);
            var seen = new List<int>();
            for (var shard = 0; shard < Shards; shard++)
            {
                var taken = router.Take(shard).ToArray();
                Assert.Equal(taken.Order(), taken);
                Assert.InRange(taken.Length, keys.Length / 20, keys.Length / 2);
                foreach (var index in taken)
                {
                    homes.TryAdd(keys[index], shard);
                    Assert.Equal((keys[index], homes[keys[index]]), (keys[index], shard));
                }

                seen.AddRange(taken);
                Assert.True(router.Take(shard).IsEmpty, "what was taken is there again");
            }

            Assert.Equal(Enumerable.Range(0, keys.Length), seen.Order());
            router.End();
        }
    }

    [Fact]
    public void A_record_without_a_process_goes_where_its_source_is_and_one_with_a_process_does_not()
    {
        var router = new SliceRouter(Shards);
        for (var spread = 0u; spread < Shards; spread++)
        {
            router.Begin(Batch(spread));
            for (var index = 0; index < 5; index++) router.Add(ProcessKey.None, index);
            for (var shard = 0; shard < Shards; shard++) Assert.Equal(shard == spread ? [0, 1, 2, 3, 4] : [], router.Take(shard).ToArray());
            router.Add(new ProcessKey(5, 7), 9);
            Assert.Equal([9], router.Take((int)(new ProcessKey(5, 7).Spread % Shards)).ToArray());
            router.End();
        }
    }

    [Fact]
    public void A_batch_is_gone_on_with_after_a_restart_and_one_that_was_never_ended_is_counted()
    {
        var router = new SliceRouter(Shards);
        var first = Batch(0);
        router.Begin(first);
        for (var index = 0; index < 3; index++) router.Add(ProcessKey.None, index);
        router.Await(2);
        Assert.Equal(0, router.Begin(first));
        router.Add(ProcessKey.None, 3);
        Assert.Equal([2], router.Awaiting);
        Assert.Equal([0, 1, 2, 3], router.Take(0).ToArray());
        router.Add(ProcessKey.None, 4);
        router.Add(new ProcessKey(1, 1), 5);

        Assert.Equal(2, router.Begin(Batch(0)));
        Assert.Empty(router.Awaiting);
        for (var shard = 0; shard < Shards; shard++) Assert.True(router.Take(shard).IsEmpty);
        router.End();
        Assert.Equal(0, router.Begin(Batch(0)));
    }

    private static EventBatch Batch(uint spread)
    {
        var batch = new EventBatch(8, 1024);
        batch.Begin(new EventSource("test", "", null, 0) { Spread = spread }, null);
        return batch;
    }
}
