using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Picket.Sensors.Replay;

namespace Picket.Spec.Replay;

/// <summary>The fast reader of times against the framework's.</summary>
public sealed class RecordTimeTests
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-dd HH:mm:ss.fff", "yyyy-MM-ddTHH:mm:ss.fffffffZ",
        "yyyy-MM-ddTHH:mm:ss.fZ", "yyyy-MM-dd", "yyyy-MM-ddTHH:mm:sszzz", "o", "u", "yyyy/MM/dd HH:mm:ss", "yyyy-MM-ddTHH:mm",
    ];

    [Fact]
    public void What_it_takes_is_what_the_framework_reads() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 50; i++)
            {
                var ticks = (long)(random.NextDouble() * TimeSpan.FromDays(100_000).Ticks);
                var time = DateTimeOffset.UnixEpoch.AddTicks(ticks);
                var text = Encoding.UTF8.GetBytes(time.ToString(Forms[random.Next(Forms.Length)].Replace("o", "O", StringComparison.Ordinal), CultureInfo.InvariantCulture));
                if (random.Next(3) == 0) text[random.Next(text.Length)] = (byte)"0123456789-:.TZ +9"[random.Next(18)];
                if (!RecordTime.TryIso(text, out var found)) continue;
                Assert.True(DateTimeOffset.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var expected),
                    Encoding.UTF8.GetString(text));
                Assert.Equal((ulong)(expected - DateTimeOffset.UnixEpoch).Ticks * 100, found);
            }
        })
        .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [InlineData("2024-05-06T07:08:09.123Z", true)]
    [InlineData("2024-05-06 07:08:09.1234567", true)]
    [InlineData("2024-02-29 00:00:00", true)]
    [InlineData("2023-02-29 00:00:00", false)]
    [InlineData("2024-05-06T07:08:09+02:00", false)]
    [InlineData("2024-05-06T07:08:60Z", false)]
    [InlineData("2024-05-06T07:08:09.12345678Z", false)]
    [InlineData("2024-05-06T07:08:09.", false)]
    public void Only_plain_times_in_UTC_are_taken(string text, bool taken) =>
        Assert.Equal(taken, RecordTime.TryIso(Encoding.UTF8.GetBytes(text), out _));
}
