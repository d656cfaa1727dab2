using System.Text;
using Picket.Sensors.Dns;

namespace Picket.Spec.Dns;

/// <summary>The names of addresses: bounded, ended in time, apart for each network namespace.</summary>
public sealed class AddressNamesTests
{
    private const ulong Second = 1_000_000_000;

    [Fact]
    public void A_name_is_found_until_its_time_is_over()
    {
        var names = new AddressNames(4);
        names.Set(1, 7, "a.test"u8, 10 * Second, 60);
        Assert.Equal("a.test", Find(names, 1, 7, 70 * Second));
        Assert.Null(Find(names, 1, 7, 70 * Second + 1));
        Assert.Null(Find(names, 2, 7, 20 * Second));
        names.Set(1, 7, "b.test"u8, 80 * Second, 0);
        Assert.Equal("b.test", Find(names, 1, 7, 110 * Second));
        Assert.Null(Find(names, 1, 7, 111 * Second));
        names.Set(1, 7, "c.test"u8, 0, uint.MaxValue);
        Assert.Null(Find(names, 1, 7, 86_401 * Second));
        Assert.Equal(1, names.Count);
    }

    [Fact]
    public void What_ends_first_makes_room()
    {
        var names = new AddressNames(3);
        names.Set(1, 1, "one"u8, 0, 300);
        names.Set(1, 2, "two"u8, 0, 100);
        names.Set(1, 3, "three"u8, 0, 200);
        names.Set(1, 2, "two"u8, 0, 400);
        names.Set(1, 4, "four"u8, 0, 50);
        Assert.Equal(["one", "two", null, "four"], Enumerable.Range(1, 4).Select(address => Find(names, 1, (UInt128)address, 0)));
        names.Set(1, 5, "five"u8, 0, 60);
        Assert.Equal(["one", "two", null, null, "five"], Enumerable.Range(1, 5).Select(address => Find(names, 1, (UInt128)address, 0)));
    }

    [Fact]
    public void A_slow_model_says_the_same()
    {
        var random = new Random(3);
        var names = new AddressNames(16);
        var model = new Dictionary<(uint, UInt128), (string Name, ulong Ends)>();
        for (var round = 0; round < 50_000; round++)
        {
            var (network, address, now) = ((uint)random.Next(2), (UInt128)random.Next(40), (ulong)round * Second);
            if (random.Next(3) == 0)
            {
                var found = model.TryGetValue((network, address), out var known) && known.Ends >= now ? known.Name : null;
                Assert.Equal(found, Find(names, network, address, now));
                continue;
            }

            // Lives that are all different, so that the model knows which ends first.
            var life = (uint)(random.Next(40, 80_000) * 2 + 1);
            var ends = now + Math.Min(life, 86_400) * Second;
            if (model.Values.Any(entry => entry.Ends == ends)) continue;
            if (model.Count == 16 && !model.ContainsKey((network, address))) model.Remove(model.MinBy(pair => pair.Value.Ends).Key);
            model[(network, address)] = ($"n{round}", ends);
            names.Set(network, address, Encoding.ASCII.GetBytes($"n{round}"), now, life);
        }
    }

    [Fact]
    public void A_name_longer_than_any_is_not_kept()
    {
        var names = new AddressNames(2);
        names.Set(1, 1, new byte[256], 0, 60);
        Assert.Null(Find(names, 1, 1, 0));
    }

    private static string? Find(AddressNames names, uint network, UInt128 address, ulong now) =>
        names.TryFind(network, address, now, out var name) ? Encoding.ASCII.GetString(name) : null;
}
