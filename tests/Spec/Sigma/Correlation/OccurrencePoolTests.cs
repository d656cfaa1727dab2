using Picket.Detection.Sigma.Correlation;

namespace Picket.Spec.Sigma.Correlation;

/// <summary>Occurrences in columns, over the borders of the large arrays, against a plain list.</summary>
public sealed class OccurrencePoolTests
{
    [Theory]
    [InlineData(false, false, 24)]
    [InlineData(true, false, 32)]
    [InlineData(false, true, 26)]
    [InlineData(true, true, 34)]
    public void What_was_written_is_read_and_a_column_that_is_not_there_is_zero(bool hasValues, bool hasSources, int itemBytes)
    {
        var random = new Random(itemBytes);
        var pool = new OccurrencePool(hasValues, hasSources);
        var rented = new List<(int Block, int Log, Occurrence[] Items)>();
        for (var step = 0; step < 400; step++)
        {
            if (rented.Count > 20 && random.Next(3) == 0)
            {
                var index = random.Next(rented.Count);
                pool.Return(rented[index].Block, rented[index].Log);
                rented.RemoveAt(index);
            }
            else
            {
                var log = pool.LogOf(random.Next(10) == 0 ? random.Next(1, 40_000) : random.Next(1, 300));
                var block = pool.Rent(log);
                var items = new Occurrence[1 << log];
                for (var i = 0; i < items.Length; i++)
                {
                    items[i] = new Occurrence
                    {
                        Time = random.NextInt64(), IdHigh = (ulong)random.NextInt64(), IdLow = (ulong)random.NextInt64(), Value = random.NextInt64(), Source = random.Next(ushort.MaxValue + 1),
                    };
                    pool.Set(block, i, items[i]);
                }

                rented.Add((block, log, items));
            }

            Assert.Equal(rented.Sum(one => (long)itemBytes << one.Log), pool.InUse);
            Assert.Equal(rented.Sum(one => pool.BytesOf(one.Log)), pool.InUse);
            Assert.Equal(0, pool.Held % ((long)itemBytes << 16));
            Assert.True(pool.Held >= pool.InUse, "more is rented than there is");
            if (step % 50 == 0) Check();
        }

        Check();
        Assert.True(pool.Held > (long)itemBytes << 16, "all lay in one array");
        foreach (var (block, log, _) in rented) pool.Return(block, log);
        Assert.Equal(0, pool.InUse);
        var held = pool.Held;
        for (var again = pool.Held / ((long)itemBytes << 16); again > 0; again--) pool.Rent(16);
        Assert.Equal((held, held), (pool.InUse, pool.Held));

        void Check()
        {
            foreach (var (block, _, items) in rented)
            {
                for (var i = 0; i < items.Length; i++)
                {
                    var expected = items[i];
                    if (!hasValues) expected.Value = 0;
                    if (!hasSources) expected.Source = 0;
                    Same(expected, pool.Get(block, i));
                    if (pool.TimeOf(block, i) != expected.Time || pool.SourceOf(block, i) != expected.Source) Assert.Fail($"item {i} of block {block}");
                    expected.IdHigh = expected.IdLow = 0;
                    Same(expected, pool.Nameless(block, i));
                }
            }
        }
    }

    private static void Same(in Occurrence expected, in Occurrence actual)
    {
        if (expected.Time != actual.Time || expected.IdHigh != actual.IdHigh || expected.IdLow != actual.IdLow || expected.Value != actual.Value || expected.Source != actual.Source)
            Assert.Fail($"{expected.Time} {expected.Source} is {actual.Time} {actual.Source}");
    }
}
