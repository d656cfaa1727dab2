using FsCheck;
using FsCheck.Fluent;
using Picket.Detection.Context.Hashing;

namespace Picket.Spec.Context.Hashing;

public sealed class HashCacheTests
{
    [Fact]
    public void It_is_a_bounded_list_whose_longest_unused_goes_first()
    {
        Prop.ForAll(ArbMap.Default.GeneratorFor<(byte Act, byte File)>().ListOf().ToArbitrary(), acts =>
        {
            const int Capacity = 4;
            var cache = new HashCache(Capacity);
            var model = new List<(FileKey Key, HashSlot Slot)>();
            foreach (var (act, file) in acts)
            {
                var key = new FileKey((uint)(file % 2), (ulong)(file % 3), 7, file % 2);
                var at = model.FindIndex(entry => entry.Key == key);
                switch (act % 4)
                {
                    case 0:
                        var slot = new HashSlot();
                        cache.Put(key, slot);
                        if (at >= 0) model.RemoveAt(at);
                        else if (model.Count == Capacity) model.RemoveAt(Capacity - 1);
                        model.Insert(0, (key, slot));
                        break;
                    case 1:
                        cache.Remove(key);
                        if (at >= 0) model.RemoveAt(at);
                        break;
                    default:
                        Assert.Same(at < 0 ? null : model[at].Slot, cache.Find(key));
                        if (at < 0) break;
                        var found = model[at];
                        model.RemoveAt(at);
                        model.Insert(0, found);
                        break;
                }

                Assert.Equal(model.Count, cache.Count);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(9u, 1ul, 7L, 5L)]
    [InlineData(8u, 2ul, 7L, 5L)]
    [InlineData(8u, 1ul, 8L, 5L)]
    [InlineData(8u, 1ul, 7L, 6L)]
    public void A_file_is_another_when_any_part_of_its_key_differs(uint device, ulong inode, long change, long size)
    {
        var cache = new HashCache(8);
        cache.Put(new FileKey(8, 1, 7, 5), new HashSlot());
        Assert.Null(cache.Find(new FileKey(device, inode, change, size)));
    }
}
