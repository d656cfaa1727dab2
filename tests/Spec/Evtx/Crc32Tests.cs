using Picket.Sensors.Evtx.Chunks;

namespace Picket.Spec.Evtx;

public sealed class Crc32Tests
{
    [Fact]
    public void The_sum_of_the_check_string_is_the_one_that_RFC_1952_gives() => Assert.Equal(0xCBF4_3926u, Crc32.Of("123456789"u8));

    [Fact]
    public void Every_way_gives_the_same_sum_as_one_bit_at_a_time()
    {
        var random = new Random(1);
        for (var length = 0; length < 400; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var sum = uint.MaxValue;
            foreach (var each in bytes)
            {
                sum ^= each;
                for (var bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1;
            }

            Assert.Equal(~sum, Crc32.OfByTables(bytes));
            Assert.Equal(~sum, Crc32.Of(bytes));
            Assert.Equal(~sum, Crc32.Of(bytes.AsSpan(..(length / 3)), bytes.AsSpan((length / 3)..)));
        }
    }
}
