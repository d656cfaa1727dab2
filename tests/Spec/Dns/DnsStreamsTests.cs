using Picket.Sensors.Dns;

namespace Picket.Spec.Dns;

/// <summary>Messages in streams: any cut into segments gives the same messages.</summary>
public sealed class DnsStreamsTests
{
    [Fact]
    public void Any_cut_gives_the_same_messages()
    {
        var random = new Random(11);
        for (var round = 0; round < 2000; round++)
        {
            var streams = new DnsStreams();
            var messages = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Bytes(random, random.Next(0, 700))).ToList();
            var all = messages.SelectMany(Framed).ToArray();
            var sequence = (uint)random.NextInt64(uint.MaxValue);
            streams.Append(1, false, sequence, true, []);
            var seen = new List<byte[]>();
            for (var at = 0; at < all.Length;)
            {
                var size = random.Next(1, 900);
                // Now and then something is sent again.
                var from = random.Next(3) == 0 ? Math.Max(0, at - random.Next(600)) : at;
                size = Math.Min(size + at - from, all.Length - from);
                streams.Append(1, false, sequence + (uint)from, false, all.AsSpan(from, size));
                while (streams.TryNext(out var message)) seen.Add(message.ToArray());
                at = Math.Max(at, from + size);
            }

            Assert.Equal(messages, seen);
            Assert.Equal(0, streams.Lost);
        }
    }

    [Fact]
    public void Directions_and_sockets_are_apart()
    {
        var streams = new DnsStreams();
        byte[] one = Framed([1, 2, 3]), other = Framed([4, 5]);
        streams.Append(1, false, 0, true, one.AsSpan(0, 3));
        Assert.False(streams.TryNext(out _));
        streams.Append(1, true, 50, true, other.AsSpan(0, 1));
        streams.Append(2, false, 9, true, other);
        Assert.True(streams.TryNext(out var message));
        Assert.Equal([4, 5], message.ToArray());
        streams.Append(1, false, 3, false, one.AsSpan(3));
        Assert.True(streams.TryNext(out message));
        Assert.Equal([1, 2, 3], message.ToArray());
        streams.Append(1, true, 51, false, other.AsSpan(1));
        Assert.True(streams.TryNext(out message));
        Assert.Equal([4, 5], message.ToArray());
    }

    [Fact]
    public void A_message_that_is_too_long_is_cut_and_the_next_one_whole()
    {
        var streams = new DnsStreams();
        var large = new byte[30_000];
        var all = Framed(large).Concat(Framed([9, 9])).ToArray();
        var lengths = new List<int>();
        for (var at = 0; at < all.Length; at += 4000)
        {
            streams.Append(1, true, (uint)at, false, all.AsSpan(at, Math.Min(4000, all.Length - at)));
            while (streams.TryNext(out var message)) lengths.Add(message.Length);
        }

        Assert.Equal([DnsStreams.LongestMessage, 2], lengths);
        Assert.Equal(0, streams.Lost);
    }

    [Fact]
    public void What_there_is_no_room_for_is_a_hole_and_no_message_goes_on_behind_it()
    {
        var streams = new DnsStreams();
        byte[] one = [.. Enumerable.Repeat((byte)7, 12)];
        var many = Enumerable.Repeat(Framed(one), 290).SelectMany(bytes => bytes).ToArray();
        var sequence = 0U;
        for (var i = 0; i < 3; i++, sequence += (uint)many.Length) streams.Append(1, false, sequence, i == 0, many);
        var lost = streams.Lost;
        Assert.InRange(lost, 1, many.Length);
        streams.Append(1, false, sequence, false, Framed([9]));
        Assert.True(streams.TryNext(out var message));
        Assert.Equal([9], message.ToArray());
        Assert.Equal(sequence, streams.Lost);
    }

    [Fact]
    public void A_message_that_was_given_is_not_lost_and_one_that_was_begun_is()
    {
        var streams = new DnsStreams();
        streams.Append(0, false, 0, true, Framed([1, 2, 3]));
        Assert.True(streams.TryNext(out _));
        for (var socket = 1UL; socket <= DnsStreams.Most; socket++) streams.Append(socket, false, 0, true, []);
        Assert.Equal(0, streams.Lost);
        streams.Append(1, false, 0, false, [0, 9, 1]);
        streams.Append(1, false, 500, true, []);
        Assert.Equal(3, streams.Lost);
    }

    [Fact]
    public void After_a_hole_the_stream_is_read_on_and_the_loss_counted()
    {
        var streams = new DnsStreams();
        streams.Append(1, true, 0, true, Framed([1, 2, 3]).AsSpan(0, 4));
        streams.Append(1, true, 100, false, Framed([7]));
        Assert.True(streams.TryNext(out var message));
        Assert.Equal([7], message.ToArray());
        Assert.Equal(4, streams.Lost);
    }

    [Fact]
    public void The_stream_that_was_silent_longest_makes_room()
    {
        var streams = new DnsStreams();
        for (var i = 0; i < DnsStreams.Most; i++) streams.Append((ulong)i, true, 0, true, [0]);
        streams.Append(0, true, 1, false, [2, 5]);
        streams.Append(9999, true, 0, true, []);
        Assert.Equal(1, streams.Lost);
        streams.Append(0, true, 3, false, [6]);
        Assert.True(streams.TryNext(out var message));
        Assert.Equal([5, 6], message.ToArray());
    }

    private static byte[] Framed(byte[] message) => [(byte)(message.Length >> 8), (byte)message.Length, .. message];

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
