using Picket.Actors.Dispatch;

namespace Picket.Spec.Kernel;

/// <summary>The unbounded lane of a mailbox on its own.</summary>
public sealed class SegmentQueueSpec
{
    private const int Producers = 4;

    [Fact]
    public void What_was_read_keeps_nothing_that_follows_it_alive()
    {
        var queue = new SegmentQueue();
        var cursor = default(Cursor);
        var read = new HashSet<Segment>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < 5_000; i++) Assert.True(queue.TryEnqueue(i, null));
        for (var i = 0; i < 5_000; i++)
        {
            Assert.True(queue.TryDequeue(ref cursor, out var message, out _));
            Assert.Equal(i, message);
            read.Add(cursor.Segment!);
        }

        Assert.True(read.Count > 5, $"{read.Count} segments are too few to show it");
        read.Remove(cursor.Segment!);
        Assert.All(read, segment => Assert.DoesNotContain(segment.Next!, read));
        Assert.All(read, segment => Assert.NotSame(cursor.Segment, segment.Next));
    }

    /// <summary>The consumer catches up and falls behind by turns, so that segments are used again, grown and left.</summary>
    [Fact]
    public void Each_producers_messages_come_once_and_in_their_order()
    {
        const int Each = 200_000;
        var queue = new SegmentQueue();
        var threads = new Thread[Producers];
        for (var p = 0; p < Producers; p++)
        {
            var producer = p;
            threads[p] = new Thread(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    queue.TryEnqueue((producer, i), null);
                    if (i % 5_000 < 50) Thread.Yield();
                }
            });
        }

        foreach (var thread in threads) thread.Start();
        var cursor = default(Cursor);
        var next = new int[Producers];
        for (var seen = 0; seen < Producers * Each;)
        {
            if (!queue.TryDequeue(ref cursor, out var message, out _))
            {
                Thread.Yield();
                continue;
            }

            var (producer, number) = ((int, int))message;
            Assert.Equal(next[producer]++, number);
            seen++;
        }

        foreach (var thread in threads) thread.Join();
        Assert.False(queue.HasMessages(cursor));
    }
}
