using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Sigma.Correlation;

namespace Picket.Spec.Sigma.Correlation;

public sealed class BlockPoolTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 3)]
    [InlineData(65_536, 16)]
    public void A_block_is_the_least_that_is_large_enough(int items, int log) => Assert.Equal(log, new BlockPool<long>(0).LogOf(items));

    [Fact]
    public void Blocks_that_are_out_never_overlap() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var pool = new BlockPool<long>(0);
            var rented = new List<(int Block, int Log, long Mark)>();
            for (var step = 0; step < 400; step++)
            {
                if (rented.Count > 0 && random.Next(5) < 2)
                {
                    var index = random.Next(rented.Count);
                    var (block, log, mark) = rented[index];
                    Assert.True(pool.Of(block, log).IndexOfAnyExcept(mark) < 0, "the block was written to by another");
                    pool.Return(block, log);
                    rented.RemoveAt(index);
                }
                else
                {
                    var log = random.Next(10) == 0 ? random.Next(17) : random.Next(6);
                    var block = pool.Rent(log);
                    pool.Of(block, log).Fill(step);
                    rented.Add((block, log, step));
                }

                Assert.Equal(rented.Sum(one => 8L << one.Log), pool.InUse);
                Assert.True(pool.Held >= pool.InUse);
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void What_came_back_is_used_again()
    {
        var pool = new BlockPool<byte>(4);
        for (var round = 0; round < 100; round++)
        {
            var blocks = Enumerable.Range(0, 1000).Select(i => (Block: pool.Rent(4 + i % 3), Log: 4 + i % 3)).ToList();
            foreach (var (block, log) in blocks) pool.Return(block, log);
        }

        Assert.Equal((0L, 1L << 16), (pool.InUse, pool.Held));
    }

    [Fact]
    public void The_hash_is_SipHash_1_3()
    {
        var hash = new KeyedHash(0x0706050403020100, 0x0F0E0D0C0B0A0908);

        Assert.Equal(0xABAC0158050FC4DCUL, hash.Of([]));
        Assert.Equal(hash.Of("12345678x"u8), hash.Of([.. "12345678"u8, (byte)'x']));
        Assert.NotEqual(hash.Of("a"u8), hash.Of([(byte)'a', 0]));
        Assert.NotEqual(hash.Of("a"u8), new KeyedHash(1, 2).Of("a"u8));
    }
}
